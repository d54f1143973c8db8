using System.Text;

namespace Parley.Media.Sdp;

/// <summary>Writes a description; the order of lines is that of RFC 8866 §9, attributes in the order of the model.</summary>
internal static class SdpWriter
{
    public static string Write(SessionDescription session)
    {
        var text = new StringBuilder(4096);
        var origin = session.Origin;
        text.Append("v=0\r\n");
        text.Append(Invariant($"o={origin.Username} {origin.SessionId} {origin.SessionVersion} IN {origin.AddressType} {origin.Address}"));
        text.Append("\r\ns=").Append(session.Name).Append("\r\nt=0 0\r\n");
        if (session.IceLite) Flag(text, "ice-lite");
        foreach (var group in session.Groups) Attribute(text, "group", string.Join(' ', [group.Semantics, .. group.Mids]));
        if (session.ExtmapAllowMixed) Flag(text, "extmap-allow-mixed");
        Transport(text, session.IceUfrag, session.IcePwd, session.IceOptions, session.Fingerprints, session.Setup);
        if (session.EndOfCandidates) Flag(text, "end-of-candidates");
        if (session.Direction is { } direction) Flag(text, direction.ToSdp());
        foreach (var media in session.Media) Write(text, session, media);
        return text.ToString();
    }

    private static void Write(StringBuilder text, SessionDescription session, MediaDescription media)
    {
        text.Append(Invariant($"m={media.Media} {media.Port} {media.Protocol} {string.Join(' ', media.Formats)}\r\n"));
        text.Append("c=IN IP4 0.0.0.0\r\n");
        if (media.Mid is not null) Attribute(text, "mid", media.Mid);
        Transport(
            text,
            media.IceUfrag == session.IceUfrag ? null : media.IceUfrag,
            media.IcePwd == session.IcePwd ? null : media.IcePwd,
            media.IceOptions.SequenceEqual(session.IceOptions) ? [] : media.IceOptions,
            media.Fingerprints.SequenceEqual(session.Fingerprints) ? [] : media.Fingerprints,
            media.Setup == session.Setup ? null : media.Setup);
        foreach (var candidate in media.Candidates) Flag(text, candidate);
        if (media.EndOfCandidates && !session.EndOfCandidates) Flag(text, "end-of-candidates");
        if (media.BundleOnly) Flag(text, "bundle-only");
        Flag(text, media.Direction.ToSdp());
        if (media.RtcpMux) Flag(text, "rtcp-mux");
        if (media.RtcpRsize) Flag(text, "rtcp-rsize");
        if (media.ExtmapAllowMixed && !session.ExtmapAllowMixed) Flag(text, "extmap-allow-mixed");
        foreach (var extension in media.Extensions)
        {
            var direction = extension.Direction is { } way ? $"/{way.ToSdp()}" : "";
            Attribute(text, "extmap", Invariant($"{extension.Id}{direction} {extension.Uri}"));
        }

        foreach (var codec in media.Codecs) Codec(text, codec);
        Streams(text, media);
    }

    private static void Transport(
        StringBuilder text,
        string? ufrag,
        string? pwd,
        IReadOnlyList<string> options,
        IReadOnlyList<Fingerprint> fingerprints,
        DtlsSetup? setup)
    {
        if (ufrag is not null) Attribute(text, "ice-ufrag", ufrag);
        if (pwd is not null) Attribute(text, "ice-pwd", pwd);
        if (options.Count > 0) Attribute(text, "ice-options", string.Join(' ', options));
        foreach (var fingerprint in fingerprints) Attribute(text, "fingerprint", fingerprint.ToString());
        if (setup is { } role) Attribute(text, "setup", role.ToSdp());
    }

    private static void Codec(StringBuilder text, RtpCodec codec)
    {
        var channels = codec.Channels == 1 ? "" : Invariant($"/{codec.Channels}");
        Attribute(text, "rtpmap", Invariant($"{codec.PayloadType} {codec.Name}/{codec.ClockRate}{channels}"));
        if (codec.Parameters.Count > 0)
        {
            var parameters = codec.Parameters.Select(p => p.Value.Length == 0 ? p.Key : $"{p.Key}={p.Value}");
            Attribute(text, "fmtp", Invariant($"{codec.PayloadType} {string.Join(';', parameters)}"));
        }

        foreach (var feedback in codec.Feedback) Attribute(text, "rtcp-fb", Invariant($"{codec.PayloadType} {feedback}"));
    }

    private static void Streams(StringBuilder text, MediaDescription media)
    {
        foreach (var msid in media.Msids) Attribute(text, "msid", msid.Track is null ? msid.Stream : $"{msid.Stream} {msid.Track}");
        foreach (var rid in media.Rids)
        {
            var restrictions = rid.Restrictions.Length == 0 ? "" : $" {rid.Restrictions}";
            Attribute(text, "rid", $"{rid.Id} {(rid.Sends ? "send" : "recv")}{restrictions}");
        }

        if (media.Simulcast is { } simulcast)
        {
            var send = simulcast.Send.Count > 0 ? $"send {string.Join(';', simulcast.Send)}" : "";
            var recv = simulcast.Recv.Count > 0 ? $"recv {string.Join(';', simulcast.Recv)}" : "";
            Attribute(text, "simulcast", $"{send} {recv}".Trim());
        }

        foreach (var group in media.SsrcGroups)
        {
            Attribute(text, "ssrc-group", string.Join(' ', [group.Semantics, .. group.Ssrcs.Select(ssrc => Invariant($"{ssrc}"))]));
        }

        foreach (var ssrc in media.Ssrcs)
        {
            if (ssrc.Cname is not null) Attribute(text, "ssrc", Invariant($"{ssrc.Ssrc} cname:{ssrc.Cname}"));
            if (ssrc.Msid is not null) Attribute(text, "ssrc", Invariant($"{ssrc.Ssrc} msid:{ssrc.Msid}"));
            if (ssrc.Cname is null && ssrc.Msid is null) Attribute(text, "ssrc", Invariant($"{ssrc.Ssrc}"));
        }
    }

    private static void Attribute(StringBuilder text, string name, string value) =>
        text.Append("a=").Append(name).Append(':').Append(value).Append("\r\n");

    private static void Flag(StringBuilder text, string name) => text.Append("a=").Append(name).Append("\r\n");

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
