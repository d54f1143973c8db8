using Parley.Protocol;

namespace Parley.Client.Meetings;

/// <summary>The link to the one other participant (protocol.md §6): at most one, and the server says which.</summary>
internal sealed partial class SessionActor
{
    private const int LongestId = 200;
    private const int LongestSdp = 64_000;
    private const int LongestCandidate = 2_000;
    private const int LongestWord = 300;

    /// <summary>A link that is played no longer ends by itself when nobody says so.</summary>
    private static readonly TimeSpan ReleasedPatience = TimeSpan.FromSeconds(30);

    /// <summary>A link that the server does not know is kept for so long after it was released: the other end may still play it.</summary>
    private static readonly TimeSpan ForgottenPatience = TimeSpan.FromSeconds(3);

    private volatile IPeerLink? _peerLink;
    private LinkState? _linkState;
    private bool _isForgotten;
    private bool _isLinkPlayed;

    /// <summary>The link of this moment.</summary>
    public IPeerLink? PeerLink => _peerLink;

    /// <summary>Which way the other's media comes.</summary>
    public MeetingMode Path => _isLinkPlayed ? MeetingMode.PeerToPeer : MeetingMode.Server;

    /// <summary>Relays hide one's addresses from all but the server; a link would tell them.</summary>
    private bool CanLink => _context.CreateLink is not null && _context.Options is { PeerToPeer: true, RelayOnly: false };

    private Abilities OwnAbilities => new(CanLink);

    private string? OwnLinkId => _peerLink is { IsAlive: true } link && _linkState != LinkState.Failed ? link.LinkId : null;

    private void OnLinkStarted(LinkStarted started)
    {
        DropPeerLink();
        if (!IsSound(started) || Now.Participants.FirstOrDefault(one => one.Id == started.PeerId) is not { } peer || started.PeerId == Now.ParticipantId) return;
        if (!CanLink)
        {
            _ = TellAsync("reportLink", new LinkReport(started.LinkId, LinkState.Failed));
            return;
        }

        var link = _context.CreateLink!(new PeerLinkContext(started, peer.Media, Now.Mode.Mode, _context.Server, _context.Time, _context.Logs));
        (_peerLink, _linkState, _isForgotten) = (link, null, false);
        link.Signalled += signal => _mailbox.Post(() => SignalLink(link, signal));
        link.Reported += state => _mailbox.Post(() => OnLinkReported(link, state));
        link.Played += played => _mailbox.Post(() => OnLinkPlayed(link, played));
        link.SetSending(_wanted.Mic, _wanted.Cam);
        TellLinkView();
        link.Start();
    }

    private void OnLinkSignal(LinkSignal signal)
    {
        if (_peerLink is { } link && signal.LinkId == link.LinkId && IsSound(signal)) link.OnSignal(signal);
    }

    private void OnLinkEnded(LinkEnded ended)
    {
        if (_peerLink is { } link && ended.LinkId == link.LinkId) DropPeerLink();
    }

    private void OnInMix(InMix told)
    {
        if (_peerLink is { } link && link.PeerId == told.ParticipantId) link.OnInMix(told.RtpTimestamp);
    }

    private void OnMode(ModeState mode)
    {
        _model.SetMode(mode);
        _peerLink?.OnMode(mode.Mode);
    }

    private void OnParticipant(Participant participant)
    {
        if (_peerLink is { } link && link.PeerId == participant.Id) link.OnPeer(participant.Media);
    }

    /// <summary>After a rejoin: the link went on meanwhile, and what was said of it may not have arrived.</summary>
    private void ResumeLink(bool resumed)
    {
        if (_peerLink is not { } link) return;
        if (Now.Participants.FirstOrDefault(one => one.Id == link.PeerId) is not { } peer)
        {
            DropPeerLink();
            return;
        }

        link.OnSignalling(true);
        link.OnPeer(peer.Media);
        link.OnMode(Now.Mode.Mode);
        if (!resumed) ForgetLink(link);
        else if (_linkState is { } state) _ = TellLinkAsync(link, "reportLink", new LinkReport(link.LinkId, state));
    }

    private void PauseLink() => _peerLink?.OnSignalling(false);

    private void SignalLink(IPeerLink link, LinkSignal signal)
    {
        if (link == _peerLink) _ = TellLinkAsync(link, "signalLink", signal);
    }

    private void OnLinkReported(IPeerLink link, LinkState state)
    {
        if (_over || link != _peerLink) return;
        _linkState = state;
        _ = TellLinkAsync(link, "reportLink", new LinkReport(link.LinkId, state));
        if (state != LinkState.Ready) EndLinkIn(link, _isForgotten ? ForgottenPatience : ReleasedPatience);
    }

    private void OnLinkPlayed(IPeerLink link, bool played)
    {
        if (!_over && link == _peerLink) SetPath(played);
    }

    /// <summary>The server answers for no link of ours: what it has not of it, it will not have, so back to the server by ourselves.</summary>
    private void ForgetLink(IPeerLink link)
    {
        if (_over || link != _peerLink || _isForgotten) return;
        _isForgotten = true;
        if (_linkState is LinkState.Released or LinkState.Failed) EndLinkIn(link, ForgottenPatience);
        else link.OnForgotten();
    }

    private void EndLinkIn(IPeerLink link, TimeSpan wait) => After(wait, () =>
    {
        if (link == _peerLink && _linkState != LinkState.Ready) DropPeerLink();
    });

    private void DropPeerLink()
    {
        if (_peerLink is not { } link) return;
        (_peerLink, _linkState) = (null, null);
        SetPath(onLink: false);
        _disposing = Task.WhenAll(_disposing, DisposeAsync(link, Task.CompletedTask));
    }

    private void SetPath(bool onLink)
    {
        if (_isLinkPlayed == onLink) return;
        _isLinkPlayed = onLink;
        if (_over) return;
        Events.Write(new PathChanged(Path));
        ReportPath();
    }

    private void TellLinkView()
    {
        if (_peerLink is not { } link) return;
        link.OnView(IsShown(link.PeerId, VideoSourceKind.Camera), IsShown(link.PeerId, VideoSourceKind.Screen));
    }

    private bool IsShown(string participantId, VideoSourceKind source) =>
        _requests.Any(request => request.ParticipantId == participantId && request.Source == source);

    private async Task TellLinkAsync(IPeerLink link, string method, object argument)
    {
        if (await TellAsync(method, argument).ConfigureAwait(false) is { Code: ErrorCodes.LinkUnknown }) _mailbox.Post(() => ForgetLink(link));
    }

    /// <summary>Calls without anybody waiting for it; without a connection it is left out.</summary>
    /// <returns>Why it was refused; null when it was not, or nobody knows.</returns>
    private async Task<ProtocolError?> TellAsync(string method, object argument)
    {
        if (_link is not { } link || _model.Now is not { State: SessionState.Joined }) return null;
        try
        {
            using var patience = new CancellationTokenSource(AnswerPatience, _context.Time);
            return (await link.CallAsync<bool>(method, [argument], patience.Token).ConfigureAwait(false)).Error;
        }
        catch (Exception)
        {
            _mailbox.Post(() => OnClosed(link));
            return null;
        }
    }

    private static bool IsSound(LinkStarted started) =>
        started is { LinkId.Length: > 0 and <= LongestId, PeerId.Length: > 0 and <= LongestId } && IceServerUrls.IsSound(started.IceServers);

    /// <summary>One of its three kinds, within the bounds of protocol.md §6.</summary>
    private static bool IsSound(LinkSignal signal) => signal switch
    {
        { Description: { } description } => description is { Type: "offer" or "answer", Sdp.Length: > 0 and <= LongestSdp },
        { Candidate: { } candidate } => candidate is
        {
            Candidate: null or { Length: <= LongestCandidate },
            SdpMid: null or { Length: <= LongestWord },
            UsernameFragment: null or { Length: <= LongestWord },
        },
        _ => signal.Restart,
    };
}
