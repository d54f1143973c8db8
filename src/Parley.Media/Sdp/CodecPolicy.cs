namespace Parley.Media.Sdp;

/// <summary>A codec we take.</summary>
/// <param name="Kind">On which m= lines.</param>
/// <param name="Name">The encoding's name, without case.</param>
/// <param name="ClockRate">RTP ticks per second.</param>
/// <param name="Channels">1 for video.</param>
public sealed record CodecPolicy(MediaKind Kind, string Name, int ClockRate, int Channels)
{
    /// <summary>Format parameters the offer must have with these values, for codecs that come in flavours (H.264).</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Required { get; init; } = [];

    /// <summary>Format parameters of the answer.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Parameters { get; init; } = [];

    /// <summary>Feedback messages we take when offered.</summary>
    public IReadOnlyList<string> Feedback { get; init; } = [];

    /// <summary>Whether an offered payload type is this codec.</summary>
    public bool Matches(RtpCodec codec) =>
        codec.Is(Name) && codec.ClockRate == ClockRate && codec.Channels == Channels
        && Required.All(r => codec.Parameters.TryGetValue(r.Key, out var value) && value.Equals(r.Value, StringComparison.OrdinalIgnoreCase));
}
