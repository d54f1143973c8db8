namespace Parley.Client.Audio;

/// <summary>Sound to send that is Opus already.</summary>
public interface IOpusSource
{
    /// <summary>Gives the next packet of 20 ms (RFC 6716 §3). Called every 20 ms on a media thread; must not block.</summary>
    /// <param name="packet">At least 1,275 bytes to fill.</param>
    /// <returns>The packet's length; 0 when there is nothing to send now (DTX).</returns>
    int Read(Span<byte> packet);
}
