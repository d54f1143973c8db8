using System.Security.Cryptography;
using Parley.Protocol;
using Parley.Server.Records;

namespace Parley.Server.Meetings;

/// <summary>Who carries the media: decides by <see cref="ModePolicy"/> after whatever may change it, and keeps the link to that.</summary>
internal sealed partial class Meeting
{
    /// <summary>A link that broke sooner than this after it was in use counts as one that does not work.</summary>
    private static readonly TimeSpan SoonBroken = TimeSpan.FromMinutes(1);

    /// <summary>How long two may take to go back to the server; the server carries their media meanwhile.</summary>
    private static readonly TimeSpan LongestDrain = TimeSpan.FromSeconds(30);

    private readonly LinkFailures _linkFailures = new();
    private ModePin _pin;
    private ModeState _mode;
    private PeerLink? _link;
    private bool _wasCrowded;
    private ITimer? _modeTimer;
    private DateTimeOffset _calmUntil = DateTimeOffset.MinValue;

    private async Task<Reply<bool>> SetMode(Place place, ModePin pin)
    {
        if (place.Role != Role.Host) return Refusal.HostsOnly("choose how media flow").As<bool>();
        if (!Enum.IsDefined(pin)) return Refusal.RequestInvalid("setMode takes auto, peerToPeer or server.").As<bool>();
        if (_pin != pin) await _context.Records.ChangedAsync(Id, new MeetingChange([], [Act(HostActionKind.ModePinned, place, detail: Wire(pin))]));
        _linkFailures.Forget();
        _pin = pin;
        await ReconsiderAsync();
        return new Reply<bool>(true, null);
    }

    /// <summary>After people came or went, a link changed, a host wished, or time has passed.</summary>
    private async Task ReconsiderAsync()
    {
        if (_ended is not null || _stopping) return;
        var now = _context.Time.GetUtcNow();
        ExpireLink(now);
        if (_places.Count <= 2 && _wasCrowded) _calmUntil = Later(_calmUntil, now + _context.Calm);
        _wasCrowded = _places.Count > 2;
        ModeDecision decision;
        do
        {
            decision = ModePolicy.Decide(Facts(now));
        }
        while (Act(decision.Link, now));

        var mode = _link?.Stage == PeerLinkStage.Live ? MeetingMode.PeerToPeer : MeetingMode.Server;
        LookAgain(decision.LookAgainAt, now);
        await BecomeAsync(mode, decision.Reason);
    }

    /// <returns>Whether something was done, after which the decision may be another.</returns>
    private bool Act(bool wantsLink, DateTimeOffset now)
    {
        switch (_link?.Stage)
        {
            case null when wantsLink:
                StartLink(now);
                return true;
            case PeerLinkStage.Connecting when !wantsLink:
                EndLink(LinkEndReason.Released);
                return true;
            case PeerLinkStage.Connecting when _link.BothReported:
                _link.Become(PeerLinkStage.Live, now);
                return true;
            case PeerLinkStage.Live when !wantsLink:
                Drain(_link, now);
                return true;
            case PeerLinkStage.Draining when _link.BothReported:
                EndLink(LinkEndReason.Released);
                return true;
            default:
                return false;
        }
    }

    private ModeFacts Facts(DateTimeOffset now) => new(
        _pin,
        _context.Options.PeerToPeer.Enabled,
        IsRestricted,
        [.. _places.Select(place => new ModePerson(place.PeerToPeer, place.Link is not null))],
        _link is { Stage: PeerLinkStage.Connecting or PeerLinkStage.Live },
        // While two go back to the server they are not sent away again.
        _link is { Stage: PeerLinkStage.Draining } draining ? Later(_calmUntil, draining.Since + LongestDrain) : _calmUntil,
        _linkFailures.RetryAt,
        now);

    private async Task BecomeAsync(MeetingMode mode, ModeReason reason)
    {
        if (_mode.Mode == mode && _mode.Reason == reason && _mode.Pin == _pin) return;
        var changed = _mode.Mode != mode;
        _mode = new ModeState(mode, _pin, reason, changed ? _context.Now : _mode.Since);
        // First told, then written: what is on disk can wait, sound cannot.
        Tell(MeetingEvents.ModeChanged, _mode);
        if (!changed) return;
        _context.Metrics.ModeChanged(mode, reason);
        Log.ModeChanged(_context.Logger, Id, mode, reason);
        var change = new ModeChange(mode, reason, _mode.Since);
        await TryRecordAsync(() => _context.Records.ModeChangedAsync(Id, change));
    }

    private void StartLink(DateTimeOffset now)
    {
        var (offerer, answerer) = (_places[0], _places[1]);
        _link = new PeerLink(RandomNumberGenerator.GetString(IdCharacters, 16), offerer.Id, answerer.Id, PeerLinkStage.Connecting, now);
        offerer.Link?.Send(
            MeetingEvents.LinkStarted, new LinkStarted(_link.Id, answerer.Id, true, _context.IceServers.StunOnly(offerer.Host)));
        answerer.Link?.Send(
            MeetingEvents.LinkStarted, new LinkStarted(_link.Id, offerer.Id, false, _context.IceServers.StunOnly(answerer.Host)));
    }

    private void Drain(PeerLink link, DateTimeOffset now)
    {
        link.Become(PeerLinkStage.Draining, now);
        WatchVoices(link);
    }

    /// <summary>Each end is told when the mix has the other's voice again, also where, after a restart, neither has brought media yet.</summary>
    private void WatchVoices(PeerLink link)
    {
        if (link.Answerer is not { } answerer) return;
        TellMedia(opens: true, tell: plane =>
        {
            plane.TellWhenMixed(link.Offerer, answerer);
            plane.TellWhenMixed(answerer, link.Offerer);
        });
    }

    private void EndLink(LinkEndReason reason)
    {
        if (_link is not { } link) return;
        _link = null;
        _calmUntil = Later(_calmUntil, _context.Time.GetUtcNow() + _context.Calm);
        var ended = new LinkEnded(link.Id, reason);
        foreach (var place in _places)
        {
            if (link.Joins(place.Id)) place.Link?.Send(MeetingEvents.LinkEnded, ended);
        }
    }

    private void FailLink(DateTimeOffset now)
    {
        if (_link is { Stage: PeerLinkStage.Connecting } || (_link is { Stage: PeerLinkStage.Live } live && now - live.Since < SoonBroken))
            _linkFailures.Add(now);
        EndLink(LinkEndReason.Failed);
    }

    private void ExpireLink(DateTimeOffset now)
    {
        if (_link is not { } link) return;
        if (!IsHere(link.Offerer) || (link.Answerer is { } answerer && !IsHere(answerer))) EndLink(LinkEndReason.Left);
        else if (link.Stage == PeerLinkStage.Connecting && now >= link.Since + _context.LinkPatience && !link.BothReported) FailLink(now);
        else if (link.Stage == PeerLinkStage.Draining && now >= link.Since + LongestDrain) EndLink(LinkEndReason.Released);
    }

    private void LookAgain(DateTimeOffset? at, DateTimeOffset now)
    {
        DateTimeOffset? expiry = _link?.Stage switch
        {
            PeerLinkStage.Connecting => _link.Since + _context.LinkPatience,
            PeerLinkStage.Draining => _link.Since + LongestDrain,
            _ => null,
        };
        if (expiry is not null && (at is null || expiry < at)) at = expiry;
        var wait = at is { } then ? (then > now ? then - now : TimeSpan.Zero) : Timeout.InfiniteTimeSpan;
        _modeTimer ??= _context.Time.CreateTimer(_ => _mailbox.Post(ReconsiderAsync), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _modeTimer.Change(wait, Timeout.InfiniteTimeSpan);
    }

    private void StopMode()
    {
        _modeTimer?.Dispose();
        _modeTimer = null;
    }

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}
