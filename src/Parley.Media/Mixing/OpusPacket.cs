namespace Parley.Media.Mixing;

/// <summary>Which of Opus's two codecs carry a packet (RFC 6716 §3.1).</summary>
public enum OpusMode
{
    /// <summary>Linear prediction: speech up to 8 kHz; may carry in-band FEC.</summary>
    Silk,

    /// <summary>SILK below 8 kHz, CELT above; may carry in-band FEC.</summary>
    Hybrid,

    /// <summary>Transform only: never carries FEC.</summary>
    Celt,
}

/// <summary>
/// What the framing of an Opus packet says without decoding it (RFC 6716 §3): mode, lengths, channels, and whether it
/// carries a coarse copy of the audio before it (in-band FEC, §2.1.7). All lengths are in samples at 48 kHz.
/// </summary>
/// <param name="Mode">The codec that carries it.</param>
/// <param name="FrameSamples">The length of each of its frames: 120 … 2,880.</param>
/// <param name="FrameCount">How many frames: 1 … 48.</param>
/// <param name="IsStereo">Whether it codes two channels.</param>
/// <param name="HasFec">Whether its first frame carries LBRR data for the frame before it.</param>
public readonly record struct OpusPacket(OpusMode Mode, int FrameSamples, int FrameCount, bool IsStereo, bool HasFec)
{
    /// <summary>The length of the packet: 120 … 5,760 samples.</summary>
    public int Samples => FrameSamples * FrameCount;

    /// <summary>Whether a payload is nothing but a header: the encoder is in discontinuous transmission.</summary>
    public static bool IsDtx(ReadOnlySpan<byte> payload) => payload.Length <= 2;

    /// <summary>Reads the framing of a payload.</summary>
    /// <returns>False when it breaks one of the requirements R1–R7 of RFC 6716 §3.4.</returns>
    public static bool TryParse(ReadOnlySpan<byte> payload, out OpusPacket packet)
    {
        packet = default;
        if (payload.IsEmpty) return false; // R1

        var toc = payload[0];
        var config = toc >> 3;
        var (mode, frameSamples) = config switch
        {
            < 12 => (OpusMode.Silk, (config & 3) switch { 0 => 480, 1 => 960, 2 => 1_920, _ => 2_880 }),
            < 16 => (OpusMode.Hybrid, (config & 1) == 0 ? 480 : 960),
            _ => (OpusMode.Celt, 120 << (config & 3)),
        };

        if (!TryReadFrames(payload, frameSamples, out var frameCount, out var firstFrame)) return false;

        var isStereo = (toc & 4) != 0;
        var hasFec = mode != OpusMode.Celt && !firstFrame.IsEmpty && HasLbrr(firstFrame[0], frameSamples, isStereo);
        packet = new OpusPacket(mode, frameSamples, frameCount, isStereo, hasFec);
        return true;
    }

    private static bool TryReadFrames(
        ReadOnlySpan<byte> payload, int frameSamples, out int frameCount, out ReadOnlySpan<byte> firstFrame)
    {
        const int maxFrameBytes = 1_275;
        var body = payload[1..];
        firstFrame = default;
        switch (payload[0] & 3)
        {
            case 0: // One frame (§3.2.2).
                frameCount = 1;
                firstFrame = body;
                return body.Length <= maxFrameBytes; // R2

            case 1: // Two frames of one size (§3.2.3).
                frameCount = 2;
                firstFrame = body[..(body.Length / 2)];
                return body.Length % 2 == 0 && body.Length / 2 <= maxFrameBytes; // R3

            case 2: // Two frames, the first one's size given (§3.2.4).
                frameCount = 2;
                if (!TryReadLength(ref body, out var size) || size > body.Length) return false; // R4
                firstFrame = body[..size];
                return body.Length - size <= maxFrameBytes;

            default:
                return TryReadSignalledFrames(body, frameSamples, out frameCount, out firstFrame);
        }
    }

    /// <summary>A signalled number of frames, with optional padding and sizes (§3.2.5).</summary>
    private static bool TryReadSignalledFrames(
        ReadOnlySpan<byte> body, int frameSamples, out int frameCount, out ReadOnlySpan<byte> firstFrame)
    {
        frameCount = 0;
        firstFrame = default;
        if (body.IsEmpty) return false; // R6
        var control = body[0];
        body = body[1..];
        frameCount = control & 0x3F;
        if (frameCount == 0 || frameCount * frameSamples > AudioFormat.MaxPacketSamples) return false; // R5

        if ((control & 0x40) != 0 && !TrySkipPadding(ref body)) return false;

        if ((control & 0x80) == 0) // Constant bitrate: the rest divides evenly (R6).
        {
            if (body.Length % frameCount != 0 || body.Length / frameCount > 1_275) return false;
            firstFrame = body[..(body.Length / frameCount)];
            return true;
        }

        var first = -1;
        var total = 0;
        for (var i = 0; i < frameCount - 1; i++)
        {
            if (!TryReadLength(ref body, out var size)) return false; // R7
            if (first < 0) first = size;
            total += size;
        }

        var last = body.Length - total;
        if (last is < 0 or > 1_275) return false;
        firstFrame = body[..(first < 0 ? last : first)];
        return true;
    }

    private static bool TrySkipPadding(ref ReadOnlySpan<byte> body)
    {
        var padding = 0;
        byte value;
        do
        {
            if (body.IsEmpty) return false;
            value = body[0];
            body = body[1..];
            padding += value == 255 ? 254 : value;
        }
        while (value == 255);

        if (padding > body.Length) return false;
        body = body[..^padding];
        return true;
    }

    /// <summary>One or two bytes (§3.2.1); at most 1,275, so R2 holds by construction.</summary>
    private static bool TryReadLength(ref ReadOnlySpan<byte> body, out int length)
    {
        length = 0;
        if (body.IsEmpty) return false;
        length = body[0];
        if (length < 252)
        {
            body = body[1..];
            return true;
        }

        if (body.Length < 2) return false;
        length += body[1] * 4;
        body = body[2..];
        return true;
    }

    /// <summary>
    /// The SILK header opens with one voice-activity flag for each 20 ms and then the LBRR flag, first for mid and then for
    /// side (§4.2.3); each is coded with even odds, so they are plainly the first bits of the frame.
    /// </summary>
    private static bool HasLbrr(byte first, int frameSamples, bool isStereo)
    {
        var vadFlags = Math.Max(1, frameSamples / 960);
        var mid = (first >> (7 - vadFlags)) & 1;
        var side = isStereo ? (first >> (6 - (2 * vadFlags))) & 1 : 0;
        return (mid | side) != 0;
    }
}
