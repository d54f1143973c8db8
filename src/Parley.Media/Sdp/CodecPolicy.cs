namespace Parley.Media.Sdp;

/// <summary>A codec we take.</summary>
/// <param name="Kind">On which m= lines.</param>
/// <param name="Name">The encoding's name, without case.</param>
/// <param name="ClockRate">RTP ticks per second.</param>
/// <param name="Channels">1 for video.</param>
public sealed record CodecPolicy(MediaKind Kind, string Name, int ClockRate, int Channels)
{
    private const string ProfileLevelId = "profile-level-id";

    /// <summary>96–127: its number in our offers; 0 takes one that is free. Answers take the offerer's.</summary>
    public byte PayloadType { get; init; }

    /// <summary>
    /// Format parameters the offer must have with these values, for codecs that come in flavours. One that is not written is 0, as for
    /// H.264's packetization-mode (RFC 6184 §8.1), VP9's profile-id (RFC 9628 §6) and AV1's profile; of a profile-level-id the profile counts.
    /// </summary>
    public IReadOnlyList<KeyValuePair<string, string>> Required { get; init; } = [];

    /// <summary>Format parameters we write.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Parameters { get; init; } = [];

    /// <summary>Feedback messages we take when offered.</summary>
    public IReadOnlyList<string> Feedback { get; init; } = [];

    /// <summary>Whether we take retransmissions of it as a stream of their own (RFC 4588). Offers of ours have none.</summary>
    public bool Rtx { get; init; }

    /// <summary>Tells it from the other entries of a policy: the name with what is required.</summary>
    internal string Key => string.Join(';', [Name, .. Required.Select(r => $"{r.Key}={r.Value}")]);

    /// <summary>The codec as we offer it.</summary>
    internal RtpCodec ToCodec(byte payloadType)
    {
        var parameters = new OrderedDictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in Required.Concat(Parameters)) parameters[name] = value;
        return new RtpCodec
        {
            PayloadType = payloadType,
            Name = Name,
            ClockRate = ClockRate,
            Channels = Channels,
            Parameters = parameters,
            Feedback = Feedback,
        };
    }

    /// <summary>Whether an offered payload type is this codec.</summary>
    public bool Matches(RtpCodec codec) =>
        codec.Is(Name) && codec.ClockRate == ClockRate && codec.Channels == Channels
        && Required.All(r => codec.Parameters.TryGetValue(r.Key, out var value) ? Fits(r, value) : Fits(r, DefaultOf(r.Key)));

    private static bool Fits(KeyValuePair<string, string> required, string value) =>
        required.Key == ProfileLevelId ? H264Profile.AreSame(value, required.Value) : value.Equals(required.Value, StringComparison.OrdinalIgnoreCase);

    private static string DefaultOf(string parameter) => parameter == ProfileLevelId ? H264Profile.Default : "0";
}
