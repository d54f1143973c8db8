namespace Parley.Media.Rtp;

/// <summary>
/// The level of a packet's audio as its sender measured it (RFC 6464 §3).
/// </summary>
/// <param name="Voice">Whether the sender's encoder believes it is speech.</param>
/// <param name="Level">−dBov: 0 is the loudest, 127 digital silence.</param>
public readonly record struct AudioLevel(bool Voice, byte Level)
{
    /// <summary>Bytes on the wire in the one-byte form.</summary>
    public const int Length = 1;

    /// <summary>Digital silence.</summary>
    public const byte Silence = 127;

    /// <summary>Reads the value; in the two-byte form senders may pad it with a second byte (RFC 6464 §3).</summary>
    public static bool TryRead(ReadOnlySpan<byte> value, out AudioLevel level)
    {
        level = value.Length is 1 or 2 ? new AudioLevel((value[0] & 0x80) != 0, (byte)(value[0] & 0x7F)) : default;
        return value.Length is 1 or 2;
    }

    /// <summary>Writes one byte.</summary>
    public void Write(Span<byte> destination) => destination[0] = (byte)((Voice ? 0x80 : 0) | Math.Min(Level, Silence));
}
