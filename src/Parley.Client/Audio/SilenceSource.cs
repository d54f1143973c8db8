namespace Parley.Client.Audio;

/// <summary>A microphone that hears nothing and costs nothing: its frames are never sent.</summary>
public sealed class SilenceSource : IAudioSource
{
    /// <inheritdoc/>
    public bool TryRead(Span<float> frame) => false;
}
