using Parley.Protocol;

namespace Parley.Server.Meetings;

/// <summary>What the ends of a link tell each other, and the server.</summary>
internal sealed partial class Meeting
{
    private const int LongestLinkId = 64;
    private const int LongestLinkSdp = 64_000;
    private const int LongestCandidate = 2_000;
    private const int LongestFragment = 256;

    /// <summary>
    /// To the other end of the one link there is: a signal has no address, so it can reach nobody else, and the id of an older
    /// link is unknown.
    /// </summary>
    private Reply<bool> SignalLink(Place place, LinkSignal signal)
    {
        if (WhyNot(signal) is { } why) return Refusal.RequestInvalid(why).As<bool>();
        if (_link is not { } link || link.Id != signal.LinkId || link.PeerOf(place.Id) is not { } peerId)
            return Refusal.LinkUnknown.As<bool>();
        if (!link.TrySignal()) return Refusal.RequestInvalid("This link has carried too many messages; another may come.").As<bool>();
        _places.Find(other => other.Id == peerId)?.Link?.Send(MeetingEvents.LinkSignal, signal);
        return new Reply<bool>(true, null);
    }

    private async Task<Reply<bool>> ReportLink(Place place, LinkReport report)
    {
        if (!Enum.IsDefined(report.State)) return Refusal.RequestInvalid("A link is reported ready, released or failed.").As<bool>();
        if (_link is not { } link || link.Id != report.LinkId || !link.Joins(place.Id)) return Refusal.LinkUnknown.As<bool>();
        switch (report.State)
        {
            case LinkState.Failed:
                FailLink(_context.Time.GetUtcNow());
                break;
            case LinkState.Ready when link.Stage == PeerLinkStage.Connecting:
            case LinkState.Released when link.Stage == PeerLinkStage.Draining:
                link.Report(place.Id);
                break;
        }

        await ReconsiderAsync();
        return new Reply<bool>(true, null);
    }

    /// <summary>
    /// A client came back: with the link it had, without one because its page was reloaded, or with one that this server does not
    /// know because it was restarted. The last is kept until both have gone back to the server.
    /// </summary>
    private void Rejoin(Place place, string? linkId)
    {
        if (linkId is not { Length: > 0 and <= LongestLinkId }) linkId = null;
        if (_link is { } link)
        {
            if (link.Id == linkId && (link.Joins(place.Id) || link.Answerer is null))
            {
                link.Adopt(place.Id);
                if (link.Stage == PeerLinkStage.Draining) WatchVoices(link);
                return;
            }

            if (!link.Joins(place.Id)) return;
            _linkFailures.Forget();
            EndLink(LinkEndReason.Replaced);
        }
        else if (linkId is not null)
        {
            _link = new PeerLink(linkId, place.Id, null, PeerLinkStage.Draining, _context.Time.GetUtcNow());
        }
    }

    private static string? WhyNot(LinkSignal signal)
    {
        if (signal.LinkId is not { Length: > 0 and <= LongestLinkId }) return "A signal needs the id of its link.";
        if ((signal.Description is not null ? 1 : 0) + (signal.Candidate is not null ? 1 : 0) + (signal.Restart ? 1 : 0) != 1)
            return "A signal carries one of a description, a candidate and a restart.";
        if (signal.Description is { } description
            && (description.Type is not ("offer" or "answer") || description.Sdp is not { Length: > 0 and <= LongestLinkSdp }))
            return "A description is an offer or an answer with an SDP of up to 64,000 characters.";
        if (signal.Candidate is { } candidate
            && (candidate.Candidate is not { Length: <= LongestCandidate }
                || candidate.SdpMid is { Length: > LongestMid }
                || candidate.UsernameFragment is { Length: > LongestFragment }))
            return "A candidate has up to 2,000 characters, its mid up to 16 and its username fragment up to 256.";
        return null;
    }
}
