using static Parley.Media.Sdp.SdpGrammar;

namespace Parley.Media.Sdp;

/// <summary>Reads one m= section. Methods return null, or a sentence that says what is wrong.</summary>
internal sealed class MediaParser(int line)
{
    private readonly TransportParser _transport = new();
    private readonly StreamParser _streams = new();
    private readonly List<string> _formats = [];
    private readonly List<string> _candidates = [];
    private readonly List<RtpExtension> _extensions = [];
    private CodecParser? _codecs;
    private string _media = "";
    private string _protocol = "";
    private int _port;
    private string? _mid;
    private MediaDirection? _direction;
    private bool _rtcpMux;
    private bool _rtcpRsize;
    private bool _bundleOnly;
    private bool _endOfCandidates;
    private bool _extmapAllowMixed;

    /// <summary>Where the section starts.</summary>
    public int Line => line;

    /// <summary>Reads the value of the m= line.</summary>
    public string? Start(ReadOnlySpan<char> value)
    {
        const string Wrong = "m= is a media type, a port from 0 to 65535, a protocol and at least one format.";
        var media = Take(ref value, ' ');
        var port = Take(ref value, ' ');
        var protocol = Take(ref value, ' ');
        if (!IsToken(media) || !TryNumber(port, ushort.MaxValue, out var number) || !IsProtocol(protocol)) return Wrong;

        if (protocol.Contains("RTP/", StringComparison.Ordinal)) _codecs = new CodecParser();
        do
        {
            var format = Take(ref value, ' ');
            if (!IsToken(format)) return Wrong;
            if (_formats.Count == SdpLimits.Formats) return $"The m= line has more than {SdpLimits.Formats} formats.";
            var text = format.ToString();
            if (_codecs is not null)
            {
                if (!TryNumber(format, 127, out var type)) return "A payload type is a number from 0 to 127.";
                text = PayloadTypes.ToText((byte)type);
                _codecs.Add((byte)type);
            }

            if (_formats.Contains(text)) return "The m= line has a format twice.";
            _formats.Add(text);
        }
        while (!value.IsEmpty);

        _media = media.ToString();
        _port = (int)number;
        _protocol = protocol.ToString();
        return null;
    }

    /// <summary>Reads what follows a=.</summary>
    public string? Attribute(ReadOnlySpan<char> value)
    {
        var name = Take(ref value, ':');
        if (_transport.TryAttribute(name, value, out var message)) return message;
        if (_streams.TryAttribute(name, value, out message)) return message;
        if (_codecs is not null && _codecs.TryAttribute(name, value, out message)) return message;
        switch (name)
        {
            case "mid":
                if (!IsToken(value, SdpLimits.MidLength)) return $"a=mid is a word of 1 to {SdpLimits.MidLength} characters.";
                if (_mid is not null) return "a=mid is given twice.";
                _mid = value.ToString();
                return null;
            case "candidate":
                if (_candidates.Count == SdpLimits.Entries) return "There are too many a=candidate lines.";
                _candidates.Add($"candidate:{value}");
                return null;
            case "end-of-candidates":
                _endOfCandidates = true;
                return null;
            case "rtcp-mux":
                _rtcpMux = true;
                return null;
            case "rtcp-rsize":
                _rtcpRsize = true;
                return null;
            case "bundle-only":
                _bundleOnly = true;
                return null;
            case "extmap-allow-mixed":
                _extmapAllowMixed = true;
                return null;
            case "extmap":
                return Extension(value);
            default:
                if (MediaDirections.FromSdp(name) is not { } direction) return null;
                if (_direction is not null && _direction != direction) return "The section has two different directions.";
                _direction = direction;
                return null;
        }
    }

    /// <summary>The section, with what the session says filled in; null and a message when it does not hold together.</summary>
    public MediaDescription? Build(SessionDescription session, out string message)
    {
        message = _streams.Check() ?? "";
        if (message.Length > 0) return null;
        return new MediaDescription
        {
            Line = line,
            Media = _media,
            Port = _port,
            Protocol = _protocol,
            Formats = _formats,
            Mid = _mid,
            Direction = _direction ?? session.Direction ?? MediaDirection.SendRecv,
            IceUfrag = _transport.IceUfrag ?? session.IceUfrag,
            IcePwd = _transport.IcePwd ?? session.IcePwd,
            IceOptions = _transport.IceOptions.Count > 0 ? _transport.IceOptions : session.IceOptions,
            Candidates = _candidates,
            EndOfCandidates = _endOfCandidates || session.EndOfCandidates,
            Fingerprints = _transport.Fingerprints.Count > 0 ? _transport.Fingerprints : session.Fingerprints,
            Setup = _transport.Setup ?? session.Setup,
            RtcpMux = _rtcpMux,
            RtcpRsize = _rtcpRsize,
            BundleOnly = _bundleOnly,
            ExtmapAllowMixed = _extmapAllowMixed || session.ExtmapAllowMixed,
            Codecs = _codecs?.Build() ?? [],
            Extensions = _extensions,
            Rids = _streams.Rids,
            Simulcast = _streams.Simulcast,
            Ssrcs = _streams.Ssrcs,
            SsrcGroups = _streams.Groups,
            Msids = _streams.Msids,
        };
    }

    private string? Extension(ReadOnlySpan<char> value)
    {
        const string Wrong = "a=extmap is an id from 1 to 255, perhaps a direction, and a name.";
        var key = Take(ref value, ' ');
        var uri = Take(ref value, ' '); // extension attributes after the name are not used by any extension we know
        var number = Take(ref key, '/');
        if (!TryNumber(number, 4351, out var id) || id is 0 or (> 255 and < 4096) || !IsVisible(uri)) return Wrong;
        var direction = key.IsEmpty ? null : MediaDirections.FromSdp(key);
        if (!key.IsEmpty && direction is null) return Wrong;
        if (_extensions.Count == SdpLimits.Entries) return "There are too many a=extmap lines.";
        if (_extensions.Exists(e => e.Id == (int)id)) return "Two header extensions of one m= line have the same id.";
        _extensions.Add(new RtpExtension((int)id, direction, uri.ToString()));
        return null;
    }

    private static bool IsProtocol(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || text.Length > 64) return false;
        foreach (var part in text.Split('/'))
        {
            if (!IsToken(text[part])) return false;
        }

        return true;
    }
}
