using static Parley.Media.Sdp.SdpGrammar;

namespace Parley.Media.Sdp;

/// <summary>The attributes that name the streams of an m= section: ssrc, ssrc-group, msid, rid, simulcast.</summary>
internal sealed class StreamParser
{
    private const int LargestGroup = 32;

    private readonly Dictionary<uint, int> _ssrcIndex = [];

    public List<SsrcDescription> Ssrcs { get; } = [];

    public List<SsrcGroup> Groups { get; } = [];

    public List<MediaStreamId> Msids { get; } = [];

    public List<RtpRid> Rids { get; } = [];

    public Simulcast? Simulcast { get; private set; }

    public bool TryAttribute(ReadOnlySpan<char> name, ReadOnlySpan<char> value, out string? message)
    {
        message = null;
        switch (name)
        {
            case "ssrc":
                message = Ssrc(value);
                return true;
            case "ssrc-group":
                message = Group(value);
                return true;
            case "msid":
                message = Msid(value);
                return true;
            case "rid":
                message = Rid(value);
                return true;
            case "simulcast":
                message = Layers(value);
                return true;
            default:
                return false;
        }
    }

    /// <summary>What can be said only when the section is complete.</summary>
    public string? Check()
    {
        if (Simulcast is null) return null;
        foreach (var (layers, sends) in new[] { (Simulcast.Send, true), (Simulcast.Recv, false) })
        {
            var seen = new HashSet<string>(StringComparer.Ordinal);
            foreach (var rid in layers.SelectMany(layer => layer.Split(',')).Select(rid => rid.TrimStart('~')))
            {
                if (!seen.Add(rid)) return "a=simulcast names a rid twice.";
                if (!Rids.Exists(r => r.Sends == sends && r.Id == rid))
                {
                    return "a=simulcast names a rid that has no a=rid line of the same direction.";
                }
            }
        }

        return null;
    }

    private string? Ssrc(ReadOnlySpan<char> value)
    {
        if (!TryNumber(Take(ref value, ' '), uint.MaxValue, out var number)) return "a=ssrc begins with a number of 32 bits.";
        var ssrc = (uint)number;
        if (!_ssrcIndex.TryGetValue(ssrc, out var index))
        {
            if (Ssrcs.Count == SdpLimits.Entries) return "There are too many streams in one section.";
            _ssrcIndex[ssrc] = index = Ssrcs.Count;
            Ssrcs.Add(new SsrcDescription(ssrc, null, null));
        }

        var name = Take(ref value, ':');
        if (value.Length > SdpLimits.NameLength) return "An a=ssrc line is too long.";
        if (value.IsEmpty) return null;
        if (name is "cname") Ssrcs[index] = Ssrcs[index] with { Cname = value.ToString() };
        if (name is "msid") Ssrcs[index] = Ssrcs[index] with { Msid = value.ToString() };
        return null;
    }

    private string? Group(ReadOnlySpan<char> value)
    {
        const string Wrong = "a=ssrc-group is a word and up to 32 numbers of 32 bits.";
        var semantics = Take(ref value, ' ');
        if (!IsToken(semantics) || value.IsEmpty) return Wrong;
        var ssrcs = new List<uint>();
        while (!value.IsEmpty)
        {
            if (!TryNumber(Take(ref value, ' '), uint.MaxValue, out var ssrc) || ssrcs.Count == LargestGroup) return Wrong;
            ssrcs.Add((uint)ssrc);
        }

        if (Groups.Count == SdpLimits.Entries) return "There are too many a=ssrc-group lines.";
        Groups.Add(new SsrcGroup(semantics.ToString(), ssrcs));
        return null;
    }

    private string? Msid(ReadOnlySpan<char> value)
    {
        var stream = Take(ref value, ' ');
        if (!IsVisible(stream) || (!value.IsEmpty && !IsVisible(value))) return "a=msid is one or two words.";
        if (Msids.Count == SdpLimits.Entries) return "There are too many a=msid lines.";
        Msids.Add(new MediaStreamId(stream.ToString(), value.IsEmpty ? null : value.ToString()));
        return null;
    }

    private string? Rid(ReadOnlySpan<char> value)
    {
        var id = Take(ref value, ' ');
        var direction = Take(ref value, ' ');
        if (!IsRid(id) || direction is not ("send" or "recv")) return "a=rid is a name and send or recv.";
        var text = id.ToString();
        if (Rids.Exists(rid => rid.Id == text)) return "Two a=rid lines have the same name.";
        if (Rids.Count == SdpLimits.Entries) return "There are too many a=rid lines.";
        Rids.Add(new RtpRid(text, direction is "send", value.Trim(' ').ToString()));
        return null;
    }

    private string? Layers(ReadOnlySpan<char> value)
    {
        const string Wrong = "a=simulcast is send or recv and the rids of its layers, for each direction once.";
        if (Simulcast is not null) return "a=simulcast is given twice.";
        List<string>? send = null, recv = null;
        while (!value.IsEmpty)
        {
            var direction = Take(ref value, ' ');
            var layers = ReadLayers(Take(ref value, ' '));
            if (layers is null) return Wrong;
            if (direction is "send" && send is null) send = layers;
            else if (direction is "recv" && recv is null) recv = layers;
            else return Wrong;
        }

        if (send is null && recv is null) return Wrong;
        Simulcast = new Simulcast(send ?? [], recv ?? []);
        return null;
    }

    private static List<string>? ReadLayers(ReadOnlySpan<char> value)
    {
        var layers = new List<string>();
        foreach (var part in value.Split(';'))
        {
            var layer = value[part];
            foreach (var alternative in layer.Split(','))
            {
                var rid = layer[alternative];
                if (!IsRid(rid.StartsWith('~') ? rid[1..] : rid)) return null;
            }

            layers.Add(layer.ToString());
            if (layers.Count > LargestGroup) return null;
        }

        return layers;
    }
}
