using Parley.Protocol;

namespace Parley.Server.Meetings;

/// <summary>What media take, counted by the server and reported by the clients.</summary>
internal sealed partial class Meeting
{
    private const int LongestAddress = 100;
    private const int LongestWord = 32;

    private static Reply<bool> ReportPath(Place place, PathReport report)
    {
        if (WhyNot(report) is { } why) return Refusal.RequestInvalid(why).As<bool>();
        place.Path = report;
        return new Reply<bool>(true, null);
    }

    private bool IsInside(Asker asker) =>
        asker.MayAll || Secret.Matches(asker.Secret, _identity.CreatorSecretHash) || FindByToken(asker.Secret) is not null;

    private Reply<MeetingPath> ReadPath(Asker asker)
    {
        var isInside = IsInside(asker);
        if (_rules.IsClosed && !isInside) return Refusal.ReadingForbidden.As<MeetingPath>();
        var path = new MeetingPath(
            Id,
            _mode,
            _media?.Counts ?? new MediaCounts(0, 0, 0, 0),
            [.. _places.Select(place => new ParticipantPath(place.Id, place.Name, place.ServerLeg, Told(place.Path, isInside)))]);
        return new Reply<MeetingPath>(path, null);
    }

    private static PathReport? Told(PathReport? report, bool tellsAddresses) =>
        report is null || tellsAddresses
            ? report
            : report with { Local = report.Local! with { Address = null, Port = 0 }, Remote = report.Remote! with { Address = null, Port = 0 } };

    private static string? WhyNot(PathReport report)
    {
        if (report.LinkId is { Length: 0 or > LongestLinkId }) return "The linkId of a path has 1 to 64 characters.";
        if (!IsSound(report.Local) || !IsSound(report.Remote))
            return "Both ends of a path need an address, a port, a type (host, srflx, prflx, relay) and a protocol (udp, tcp).";
        if (report.RelayProtocol is not (null or "udp" or "tcp" or "tls")) return "A relayProtocol is udp, tcp or tls.";
        if (report.AudioCodec is { Length: > LongestWord } || report.VideoCodec is { Length: > LongestWord })
            return "The name of a codec has at most 32 characters.";
        return IsSound(report.RoundTrip, 3_600_000) && IsSound(report.Loss, 1) && IsSound(report.Sending, 1e9) && IsSound(report.Receiving, 1e9)
            ? null
            : "A figure of the path is out of range.";
    }

    private static bool IsSound(PathEnd? end) =>
        end is { Address.Length: > 0 and <= LongestAddress, Port: >= 0 and <= ushort.MaxValue, Type: "host" or "srflx" or "prflx" or "relay", Protocol: "udp" or "tcp" };

    private static bool IsSound(double? figure, double most) => figure is null || (figure >= 0 && figure <= most);
}
