namespace Parley.Client.Audio;

/// <summary>Where the heard mix goes as it came: Opus packets in order of arrival, duplicates removed.</summary>
public interface IOpusSink
{
    /// <summary>Takes one packet on a media thread; must not block.</summary>
    /// <param name="packet">Opus (RFC 6716); the callee's only during the call.</param>
    /// <param name="timestamp">Its RTP timestamp, 48 kHz, unwrapped.</param>
    void Write(ReadOnlySpan<byte> packet, long timestamp);
}
