namespace Parley.Client.Audio;

/// <summary>Where the heard mix goes as PCM: all others of the meeting, without oneself.</summary>
public interface IAudioSink
{
    /// <summary>Takes 20 ms. Called every 20 ms on a media thread once media flows; must not block.</summary>
    /// <param name="frame"><see cref="AudioFormat.FrameSamples"/> mono samples at 48 kHz, −1…1; the callee's only during the call.</param>
    void Write(ReadOnlySpan<float> frame);
}
