using Parley.Client.Rtc;
using Parley.Client.Transport;

namespace Parley.Client.Media;

/// <summary>Notices that nothing comes any more, and looks for another path (RFC 8445 §9).</summary>
internal sealed partial class PeerLink
{
    private static readonly TimeSpan WatchInterval = TimeSpan.FromMilliseconds(500);

    /// <summary>So long without a packet, where sound is to come or pictures, and the server is sent to as well.</summary>
    private static readonly TimeSpan QuietAfter = TimeSpan.FromSeconds(2.5);

    /// <summary>A path that is not found again by then is not waited for: the server has one.</summary>
    private static readonly TimeSpan LostAfter = TimeSpan.FromSeconds(4);

    private static readonly TimeSpan RestartInterval = TimeSpan.FromSeconds(2);

    private bool _canSignal = true;
    private long _received;
    private TimeSpan _receivedAt;
    private TimeSpan _nextRestart;
    private TimeSpan? _brokenSince;

    /// <inheritdoc/>
    public void OnSignalling(bool works) => _desk.Post(() =>
    {
        var isBack = works && !_canSignal;
        _canSignal = works;
        if (isBack && Switch.IsQuiet) Restart();
    });

    /// <summary>Looks whether packets come, and gives the link up when a restart has not helped in time.</summary>
    private void Watch()
    {
        if (_isOver || _connection is not { } connection || Switch.Phase == LinkPhase.Broken) return;
        var now = _host.Loop.Now;
        var received = connection.Peer.Counters.PacketsReceived;
        if (received != _received)
        {
            (_received, _receivedAt) = (received, now);
            if (Switch.IsQuiet && _state == RtcPeerState.Connected) OnConnected();
        }
        else if (Switch is { IsConnected: true, IsQuiet: false, Peer: { Mic: true } or { Cam: true } or { Screen: true } } && now - _receivedAt >= QuietAfter)
        {
            OnQuiet();
        }

        // Without the hub there is nobody to agree with on another path, and the server may be away as well: ICE itself decides.
        if (_state == RtcPeerState.Connected || !Switch.IsConnected || !_canSignal) _brokenSince = null;
        else if ((_brokenSince ??= now) + LostAfter <= now) Handle(new LinkInput(LinkInputKind.Lost));
    }

    private void OnConnected()
    {
        _brokenSince = null;
        _receivedAt = _host.Loop.Now;
        Handle(new LinkInput(LinkInputKind.Connected));
    }

    private void OnQuiet()
    {
        if (!Switch.IsConnected) return;
        Handle(new LinkInput(LinkInputKind.Quiet));
        Restart();
    }

    private void OnNetworkChanged()
    {
        if (_isOver || _connection is not { } connection || !_isDescribed) return;
        if (connection.OpenMore(LocalAddresses.List(_context.Server.IsLoopback))) Restart();
    }

    private void Restart()
    {
        var now = _host.Loop.Now;
        if (_isOver || !_canSignal || !HasRemote || now < _nextRestart || Switch.Phase == LinkPhase.Broken) return;
        _nextRestart = now + RestartInterval;
        if (_offers) Offer(restart: true);
        else Signal(new Protocol.LinkSignal(LinkId, Restart: true));
    }
}
