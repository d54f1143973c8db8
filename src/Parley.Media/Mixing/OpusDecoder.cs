namespace Parley.Media.Mixing;

/// <summary>
/// Decodes one sender's Opus to 48 kHz mono float; stereo packets are downmixed by libopus. Not thread-safe. Samples are
/// nominally within ±1 but libopus may go beyond: the mixer bounds them (<see cref="SampleGuard"/>).
/// </summary>
public sealed unsafe class OpusDecoder : IDisposable
{
    private readonly OpusDecoderHandle _handle = OpusDecoderHandle.Create(channels: 1);

    /// <summary>Decodes a packet.</summary>
    /// <param name="packet">1 … 1,500 bytes.</param>
    /// <param name="samples">At least as long as the packet; 5,760 always suffices.</param>
    /// <returns>The samples written, or 0 when the packet is corrupt or does not fit.</returns>
    public int Decode(ReadOnlySpan<byte> packet, Span<float> samples) =>
        packet.IsEmpty || packet.Length > AudioFormat.MaxPacketBytes ? 0 : Call(packet, samples, fec: 0);

    /// <summary>
    /// Decodes the coarse copy of the lost audio that the packet after it carries (in-band FEC, RFC 6716 §2.1.7). Decode
    /// that packet itself afterwards. What the copy does not reach is concealed.
    /// </summary>
    /// <param name="nextPacket">The packet that follows the loss.</param>
    /// <param name="samples">Exactly as long as what was lost: a multiple of 120.</param>
    /// <returns>The samples written, or 0 when the packet is corrupt.</returns>
    public int DecodeFec(ReadOnlySpan<byte> nextPacket, Span<float> samples) =>
        nextPacket.IsEmpty || nextPacket.Length > AudioFormat.MaxPacketBytes ? 0 : Call(nextPacket, samples, fec: 1);

    /// <summary>Invents what was lost from what was heard before it, fading with time; after DTX it is comfort noise.</summary>
    /// <param name="samples">A multiple of 120, at most 5,760.</param>
    public void Conceal(Span<float> samples)
    {
        if (Call([], samples, fec: 0) != samples.Length) samples.Clear();
    }

    /// <summary>Forgets the sender, as for a new stream.</summary>
    public void Reset()
    {
        var acquired = false;
        try
        {
            _handle.DangerousAddRef(ref acquired);
            OpusLibrary.Instance.DecoderControl(_handle.DangerousGetHandle(), OpusLibrary.ResetState);
        }
        finally
        {
            if (acquired) _handle.DangerousRelease();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();

    private int Call(ReadOnlySpan<byte> packet, Span<float> samples, int fec)
    {
        var acquired = false;
        try
        {
            _handle.DangerousAddRef(ref acquired);
            fixed (byte* data = packet)
            fixed (float* pcm = samples)
            {
                // An empty span pins to null, which is how libopus is told of a loss.
                var decoded = OpusLibrary.Instance.DecodeFloat(
                    _handle.DangerousGetHandle(), data, packet.Length, pcm, samples.Length, fec);
                return Math.Max(0, decoded);
            }
        }
        finally
        {
            if (acquired) _handle.DangerousRelease();
        }
    }
}
