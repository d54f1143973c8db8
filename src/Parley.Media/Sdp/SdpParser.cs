using static Parley.Media.Sdp.SdpGrammar;

namespace Parley.Media.Sdp;

/// <summary>Reads the lines of a description: the session's own here, each m= section by a <see cref="MediaParser"/>.</summary>
internal sealed class SdpParser
{
    private readonly List<MediaParser> _media = [];
    private readonly List<MediaGroup> _groups = [];
    private readonly TransportParser _transport = new();
    private SessionOrigin? _origin;
    private string _name = "-";
    private MediaDirection? _direction;
    private bool _iceLite;
    private bool _endOfCandidates;
    private bool _extmapAllowMixed;
    private int _line;

    /// <summary>Why <see cref="Parse"/> returned null.</summary>
    public SdpError Error { get; private set; } = new(0, "The description was not parsed.");

    public SessionDescription? Parse(ReadOnlySpan<char> sdp)
    {
        if (sdp.Length > SdpLimits.Length) return Fail(0, $"The description is longer than {SdpLimits.Length} characters.");

        while (!sdp.IsEmpty)
        {
            var line = Take(ref sdp, '\n');
            if (line.EndsWith('\r')) line = line[..^1];
            if (++_line > SdpLimits.Lines) return Fail(_line, $"The description has more than {SdpLimits.Lines} lines.");
            if (CheckLine(line) is { } wrong) return Fail(_line, wrong);
            if (line.IsEmpty) continue;
            if ((_media.Count == 0 ? SessionLine(line[0], line[2..]) : MediaLine(line[0], line[2..])) is { } message)
            {
                return Fail(_line, message);
            }
        }

        if (_line == 0) return Fail(0, "The description is empty.");
        return _origin is null ? Fail(0, "The description has no o= line.") : Build();
    }

    private string? CheckLine(ReadOnlySpan<char> line)
    {
        if (line.Length > SdpLimits.LineLength) return $"The line is longer than {SdpLimits.LineLength} characters.";
        if (line.ContainsAnyInRange('\0', '\x1f') || line.Contains('\x7f')) return "The line has a control character in it.";
        if (_line == 1 && !line.SequenceEqual("v=0")) return "A description begins with v=0.";
        if (!line.IsEmpty && (line.Length < 2 || line[1] != '=' || !char.IsAsciiLetterLower(line[0])))
        {
            return "A line is a lower-case letter, an equals sign and a value.";
        }

        return null;
    }

    private string? SessionLine(char type, ReadOnlySpan<char> value)
    {
        switch (type)
        {
            case 'v':
                return _line == 1 ? null : "There is a second v= line.";
            case 'o':
                return _origin is null ? Origin(value) : "There is a second o= line.";
            case 's':
                _name = value.IsEmpty ? "-" : value.ToString();
                return null;
            case 'm':
                return MediaLine(type, value);
            case 'a':
                return SessionAttribute(value);
            default:
                return null;
        }
    }

    private string? SessionAttribute(ReadOnlySpan<char> value)
    {
        var name = Take(ref value, ':');
        if (_transport.TryAttribute(name, value, out var message)) return message;
        switch (name)
        {
            case "ice-lite":
                _iceLite = true;
                return null;
            case "end-of-candidates":
                _endOfCandidates = true;
                return null;
            case "extmap-allow-mixed":
                _extmapAllowMixed = true;
                return null;
            case "group":
                return Group(value);
            default:
                if (MediaDirections.FromSdp(name) is not { } direction) return null;
                if (_direction is not null && _direction != direction) return "The session has two different directions.";
                _direction = direction;
                return null;
        }
    }

    private string? Group(ReadOnlySpan<char> value)
    {
        const string Wrong = "a=group is a word and the mids that belong together, each once.";
        if (_groups.Count == SdpLimits.Media) return "There are too many a=group lines.";
        var semantics = Take(ref value, ' ');
        if (!IsToken(semantics)) return Wrong;

        var mids = new List<string>();
        while (!value.IsEmpty)
        {
            var mid = Take(ref value, ' ');
            if (mid.IsEmpty) continue;
            if (!IsToken(mid, SdpLimits.MidLength) || mids.Count == SdpLimits.Media) return Wrong;
            var text = mid.ToString();
            if (mids.Contains(text)) return Wrong;
            mids.Add(text);
        }

        _groups.Add(new MediaGroup(semantics.ToString(), mids));
        return null;
    }

    private string? Origin(ReadOnlySpan<char> value)
    {
        const string Wrong = "o= is a user name, two numbers, IN, IP4 or IP6, and an address.";
        var user = Take(ref value, ' ');
        var id = Take(ref value, ' ');
        var version = Take(ref value, ' ');
        var network = Take(ref value, ' ');
        var type = Take(ref value, ' ');
        if (!IsVisible(user) || network is not "IN" || type is not ("IP4" or "IP6") || !IsVisible(value)) return Wrong;
        if (!TryNumber(id, ulong.MaxValue, out var sessionId)) return Wrong;
        if (!TryNumber(version, ulong.MaxValue, out var sessionVersion)) return Wrong;
        _origin = new SessionOrigin(user.ToString(), sessionId, sessionVersion, type.ToString(), value.ToString());
        return null;
    }

    private string? MediaLine(char type, ReadOnlySpan<char> value)
    {
        switch (type)
        {
            case 'm':
                if (_media.Count == SdpLimits.Media) return $"There are more than {SdpLimits.Media} m= lines.";
                var media = new MediaParser(_line);
                _media.Add(media);
                return media.Start(value);
            case 'a':
                return _media[^1].Attribute(value);
            case 'v' or 'o' or 's' or 't':
                return "Lines of the session stand before the first m= line.";
            default:
                return null;
        }
    }

    private SessionDescription? Build()
    {
        var session = new SessionDescription
        {
            Origin = _origin!,
            Name = _name,
            IceLite = _iceLite,
            Groups = _groups,
            IceUfrag = _transport.IceUfrag,
            IcePwd = _transport.IcePwd,
            IceOptions = _transport.IceOptions,
            Fingerprints = _transport.Fingerprints,
            Setup = _transport.Setup,
            Direction = _direction,
            EndOfCandidates = _endOfCandidates,
            ExtmapAllowMixed = _extmapAllowMixed,
        };
        var media = new MediaDescription[_media.Count];
        for (var i = 0; i < media.Length; i++)
        {
            if (_media[i].Build(session, out var message) is not { } section) return Fail(_media[i].Line, message);
            media[i] = section;
        }

        return session with { Media = media };
    }

    private SessionDescription? Fail(int line, string message)
    {
        Error = new SdpError(line, message);
        return null;
    }
}
