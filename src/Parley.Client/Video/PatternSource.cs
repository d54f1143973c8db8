namespace Parley.Client.Video;

/// <summary>A test picture: colour bars, a box that moves, and a clock that counts seconds and pictures.</summary>
public sealed class PatternSource : PaintedSource
{
    /// <summary>Makes a camera that is not started.</summary>
    /// <param name="settings">Size, rate and bitrate.</param>
    /// <param name="time">The clock; that of the system when null.</param>
    public PatternSource(Vp8EncoderSettings settings, TimeProvider? time = null)
        : base(settings, PatternPainter.Paint, time)
    {
    }
}
