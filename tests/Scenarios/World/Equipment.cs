using Parley.Media.Rtcp;

namespace Parley.Scenarios.World;

/// <summary>What somebody's program can do.</summary>
/// <param name="Cameras">The encodings of the camera.</param>
/// <param name="Screens">The encodings of the screen; empty for none.</param>
/// <param name="FrameInterval">From picture to picture.</param>
/// <param name="Adapts">Whether it reports on what arrives (transport-wide feedback) and repairs by RTX (RFC 4588), both ways.</param>
internal sealed record Equipment(IReadOnlyList<EncodingShape> Cameras, IReadOnlyList<EncodingShape> Screens, TimeSpan FrameInterval, bool Adapts)
{
    /// <summary>From one report on arrivals to the next. libwebrtc's are 50 to 250 ms apart: the more, the less it may send.</summary>
    public TimeSpan FeedbackInterval { get; init; } = TransportCcRecorder.FeedbackInterval;

    /// <summary>One encoding, 15 pictures a second, NACK and PLI.</summary>
    public static Equipment Plain { get; } = new(EncodingShape.Plain, [], TimeSpan.FromMilliseconds(66), Adapts: false);

    /// <summary>A browser: simulcast, 30 pictures a second, transport-wide feedback, RTX.</summary>
    public static Equipment Browser { get; } = new(EncodingShape.Camera, [], TimeSpan.FromTicks(TimeSpan.TicksPerSecond / 30), Adapts: true);

    /// <summary>A browser that shares a screen beside the camera.</summary>
    public static Equipment Presenter { get; } = Browser with { Screens = EncodingShape.Screen };
}
