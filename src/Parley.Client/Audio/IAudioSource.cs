namespace Parley.Client.Audio;

/// <summary>Sound to send as PCM; the client encodes it to Opus.</summary>
public interface IAudioSource
{
    /// <summary>
    /// Gives the next 20 ms. Called every 20 ms on a media thread while the microphone is on, so it must not block: a source
    /// that has nothing yet returns false.
    /// </summary>
    /// <param name="frame"><see cref="AudioFormat.FrameSamples"/> mono samples at 48 kHz, −1…1.</param>
    /// <returns>False when there is nothing to send now: silence that costs no packet (DTX).</returns>
    bool TryRead(Span<float> frame);
}
