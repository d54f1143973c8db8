namespace Parley.Client.Video;

/// <summary>How a camera's pictures are encoded.</summary>
public sealed record Vp8EncoderSettings
{
    /// <summary>Pixels in a row.</summary>
    public int Width { get; init; } = 640;

    /// <summary>Rows.</summary>
    public int Height { get; init; } = 360;

    /// <summary>Pictures in a second, 1–120.</summary>
    public int FramesPerSecond { get; init; } = 30;

    /// <summary>Bits in a second, in thousands, 10–100,000.</summary>
    public int BitrateKbps { get; init; } = 500;

    /// <summary>The most pictures from one keyframe to the next, 1–100,000; others come when they are asked for.</summary>
    public int KeyframeInterval { get; init; } = 3000;

    /// <summary>Speed over quality, 0–16.</summary>
    public int Speed { get; init; } = 8;

    /// <exception cref="ParleyException">A value is out of its range.</exception>
    internal void Validate()
    {
        VideoSize.Require(Width, Height);
        Require(FramesPerSecond is >= 1 and <= 120, $"{FramesPerSecond} pictures in a second cannot be sent: 1 to 120 can.");
        Require(BitrateKbps is >= 10 and <= 100_000, $"{BitrateKbps} kb/s are no bitrate for video: 10 to 100,000 are.");
        Require(KeyframeInterval is >= 1 and <= 100_000, $"A keyframe cannot come every {KeyframeInterval} pictures: 1 to 100,000 can be.");
        Require(Speed is >= 0 and <= 16, $"{Speed} is no speed of the encoder: 0 to 16 are.");
    }

    private static void Require(bool condition, string message)
    {
        if (!condition) throw new ParleyException(ParleyError.Invalid, message);
    }
}
