using static Parley.Media.Sdp.SdpGrammar;

namespace Parley.Media.Sdp;

/// <summary>
/// Puts rtpmap, fmtp and rtcp-fb lines together by payload type. They come in any order (Firefox writes fmtp before
/// rtpmap) and may name payload types that are not on the m= line (Firefox does for codecs it dropped): those are ignored.
/// </summary>
internal sealed class CodecParser
{
    private readonly OrderedDictionary<byte, Entry> _entries = [];

    /// <summary>Adds a payload type of the m= line.</summary>
    public void Add(byte payloadType) => _entries[payloadType] = new Entry();

    public bool TryAttribute(ReadOnlySpan<char> name, ReadOnlySpan<char> value, out string? message)
    {
        message = null;
        switch (name)
        {
            case "rtpmap":
                message = Rtpmap(value);
                return true;
            case "fmtp":
                message = Fmtp(value);
                return true;
            case "rtcp-fb":
                message = Feedback(value);
                return true;
            default:
                return false;
        }
    }

    public IReadOnlyList<RtpCodec> Build() =>
        [.. _entries.Values.Select(entry => entry.Build()).OfType<RtpCodec>()];

    private string? Rtpmap(ReadOnlySpan<char> value)
    {
        const string Wrong = "a=rtpmap is a payload type, then name/clock rate, perhaps /channels.";
        if (!TryNumber(Take(ref value, ' '), 127, out var type)) return Wrong;
        var name = Take(ref value, '/');
        var rate = Take(ref value, '/');
        if (!IsToken(name) || !TryNumber(rate, int.MaxValue, out var clockRate) || clockRate == 0) return Wrong;
        var channels = 1UL;
        if (!value.IsEmpty && (!TryNumber(value, 255, out channels) || channels == 0)) return Wrong;
        if (!_entries.TryGetValue((byte)type, out var entry)) return null;
        if (entry.Codec is not null) return "Two a=rtpmap lines have the same payload type.";
        entry.Codec = new RtpCodec
        {
            PayloadType = (byte)type,
            Name = name.ToString(),
            ClockRate = (int)clockRate,
            Channels = (int)channels,
        };
        return null;
    }

    private string? Fmtp(ReadOnlySpan<char> value)
    {
        if (!TryNumber(Take(ref value, ' '), 127, out var type)) return "a=fmtp is a payload type, then its parameters.";
        if (!_entries.TryGetValue((byte)type, out var entry) || entry.Parameters.Count > 0) return null;
        while (!value.IsEmpty)
        {
            var parameter = Take(ref value, ';').Trim(' ');
            var name = Take(ref parameter, '=').Trim(' ');
            if (name.IsEmpty) continue;
            if (entry.Parameters.Count == SdpLimits.Entries) return "a=fmtp has too many parameters.";
            entry.Parameters.TryAdd(name.ToString(), parameter.Trim(' ').ToString());
        }

        return null;
    }

    private string? Feedback(ReadOnlySpan<char> value)
    {
        var key = Take(ref value, ' ');
        value = value.Trim(' ');
        if (value.IsEmpty || value.Length > SdpLimits.NameLength) return "a=rtcp-fb is a payload type or *, then a feedback message.";
        var feedback = value.ToString();
        if (key is "*")
        {
            return _entries.Values.All(entry => entry.Add(feedback)) ? null : TooMany;
        }

        if (!TryNumber(key, 127, out var type)) return "a=rtcp-fb is a payload type or *, then a feedback message.";
        return !_entries.TryGetValue((byte)type, out var entry) || entry.Add(feedback) ? null : TooMany;
    }

    private static string TooMany => $"One payload type has more than {SdpLimits.Feedback} a=rtcp-fb lines.";

    private sealed class Entry
    {
        private readonly List<string> _feedback = [];

        public RtpCodec? Codec { get; set; }

        public OrderedDictionary<string, string> Parameters { get; } = new(StringComparer.OrdinalIgnoreCase);

        public bool Add(string feedback)
        {
            if (_feedback.Contains(feedback)) return true;
            if (_feedback.Count == SdpLimits.Feedback) return false;
            _feedback.Add(feedback);
            return true;
        }

        public RtpCodec? Build() => Codec is null ? null : Codec with { Parameters = Parameters, Feedback = _feedback };
    }
}
