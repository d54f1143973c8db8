using Parley.Protocol;

namespace Parley.Client.Media;

/// <summary>Descriptions and candidates, in and out (RFC 8829, RFC 8838).</summary>
internal sealed partial class PeerLink
{
    private bool HasRemote => _connection?.Peer.Session is not null;

    /// <summary>A description can be taken as soon as there are sockets, a candidate once there is a description.</summary>
    private bool CanTake(LinkSignal signal) => _connection is not null && _desk.HasLink(this) && (signal.Candidate is null || HasRemote);

    private void TakeWaiting()
    {
        // A description that is taken lets candidates be taken, and comes back here: the queue may be empty after it.
        for (var left = _waiting.Count; left > 0 && !_isOver && _waiting.TryDequeue(out var signal); left--)
        {
            if (CanTake(signal)) Take(signal);
            else _waiting.Enqueue(signal);
        }
    }

    private void Take(LinkSignal signal)
    {
        if (signal.Description is { } description) Describe(description);
        else if (signal.Candidate is { } candidate) Add(candidate);
        else if (signal.Restart && _offers && _isDescribed) Restart();
        _connection!.Arm();
    }

    private void Describe(LinkDescription description)
    {
        var peer = _connection!.Peer;
        var now = _host.Loop.Now;
        var isFirst = !HasRemote;
        string? answer = null;
        string? refused = null;

        // Who offers never answers, so no two offers cross.
        if (_offers != (description.Type == "answer")) return;
        if (_offers) refused = peer.ApplyAnswer(description.Sdp!, now);
        else (answer, refused) = peer.Answer(description.Sdp!, Lines, now);
        if (refused is not null)
        {
            Log.LinkRefused(_log, LinkId, refused);
            if (isFirst) Handle(new LinkInput(LinkInputKind.Lost));
            return;
        }

        foreach (var line in peer.Session!.Media)
        {
            if (line.Line == CameraLine) _cameraMid = line.Mid;
            if (line.Line == ScreenLine) _screenMid = line.Mid;
        }

        if (answer is not null) Say(new LinkDescription("answer", answer));
        _desk.SetLinkConnection(_connection, _cameraMid);
        if (isFirst) TakeWaiting();
    }

    private void Add(LinkCandidate candidate)
    {
        var peer = _connection!.Peer;

        // Of another generation: the restart that it belongs to has passed, or is still to come.
        if (candidate.UsernameFragment is { Length: > 0 } ufrag && ufrag != peer.Session!.RemoteIceUfrag) return;
        if (string.IsNullOrEmpty(candidate.Candidate)) peer.EndOfRemoteCandidates(_host.Loop.Now);
        else peer.AddRemoteCandidate(candidate.Candidate, _host.Loop.Now);
    }

    private void Offer(bool restart)
    {
        Say(new LinkDescription("offer", _connection!.Peer.CreateOffer(Lines, restart, _host.Loop.Now)));
        _connection.Arm();
    }

    private void Say(LinkDescription description)
    {
        if (description.Sdp!.Length > LongestSdp)
        {
            Handle(new LinkInput(LinkInputKind.Lost));
            return;
        }

        _isDescribed = true;
        Signal(new LinkSignal(LinkId, description));
    }

    private LinkCandidate Trickled(string candidate) => new(candidate, _connection?.Peer.Session?.Media[0].Mid ?? AudioLine, 0, _connection?.Peer.LocalUfrag);

    private void Signal(LinkSignal signal)
    {
        if (!_isOver) Signalled?.Invoke(signal);
    }
}
