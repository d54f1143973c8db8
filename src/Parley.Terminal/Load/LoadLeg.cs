using System.Globalization;
using Parley.Client;
using Parley.Client.Media;
using Parley.Client.Meetings;
using Parley.Client.Rtc;
using Parley.Media.Ice;
using Parley.Media.Sdp;
using Parley.Protocol;

namespace Parley.Terminal.Load;

/// <summary>
/// A generated participant's media connection: the m-lines of docs/protocol.md §5 with as many slots as are shown. What comes is
/// counted — authenticated and decrypted before it by those who do — and neither put together nor decoded; nothing is asked for again.
/// </summary>
internal sealed class LoadLeg : IMediaLeg, IRtcConnectionEvents
{
    private const string AudioMid = "0";
    private const string CameraMid = "1";
    private const string ScreenMid = "2";
    private const int FirstSlot = 3;

    private readonly LoadParticipant _owner;
    private readonly LoadLoop _loop;
    private readonly System.Net.IPAddress _address;
    private readonly RtcConnection _connection;
    private readonly LoadSender _sender;
    private readonly string[] _slots;
    private readonly LoadTap _tap;
    private volatile RtcPeerState _state;
    private bool _failed;
    private bool _camera;

    /// <param name="owner">Whose it is.</param>
    /// <param name="limits">How many slots the server has.</param>
    /// <param name="address">This machine's address towards the server.</param>
    /// <param name="speech">What talkers say.</param>
    public LoadLeg(LoadParticipant owner, Limits limits, System.Net.IPAddress address, OpusLoop? speech)
    {
        (_owner, _loop, _address) = (owner, owner.Loop, address);
        _slots = [.. Enumerable.Range(FirstSlot, Math.Min(owner.Place.Sees, limits.Slots)).Select(index => index.ToString(CultureInfo.InvariantCulture))];
        _tap = new LoadTap(_loop, owner.Place, owner.OnVideo, owner.OnAudio);
        _connection = new RtcConnection(
            _loop.Host, this, options => options with { Tap = _tap, HeadersOnly = !owner.Place.Decrypts, MaxVideoPayload = owner.Options.MaxVideoPayload });
        _sender = new LoadSender(_loop, owner.Place, _connection.Peer, CameraMid, owner.Options, speech);
    }

    /// <inheritdoc/>
    public event Action<string>? Failed;

    /// <inheritdoc/>
    public IReadOnlyList<string> Slots => _slots;

    /// <inheritdoc/>
    public bool IsAlive => _state is RtcPeerState.Connecting or RtcPeerState.Connected or RtcPeerState.Disconnected;

    /// <summary>Counts its packets.</summary>
    internal LoadTap Tap => _tap;

    /// <summary>What it has counted; loop thread only.</summary>
    public LoadTotals Totals => _tap.TotalsOf(_connection);

    /// <inheritdoc/>
    public string CreateOffer()
    {
        _connection.OpenOnAll(_address);
        SdpLine[] lines =
        [
            new SdpLine(MediaKind.Audio, AudioMid, MediaDirection.SendRecv),
            new SdpLine(MediaKind.Video, CameraMid, MediaDirection.SendOnly),
            new SdpLine(MediaKind.Video, ScreenMid, MediaDirection.SendOnly),
            .. _slots.Select(mid => new SdpLine(MediaKind.Video, mid, MediaDirection.RecvOnly)),
        ];
        return _connection.Run(() => _connection.Peer.CreateOffer(lines, restartIce: false, _loop.Host.Loop.Now));
    }

    /// <inheritdoc/>
    public void ApplyAnswer(string sdp) => _connection.Run(() =>
    {
        var peer = _connection.Peer;
        if (peer.ApplyAnswer(sdp, _loop.Host.Loop.Now) is { } refused)
            throw new ParleyException(ParleyError.Media, $"The server's answer cannot be used: {refused}");
        ApplySending();
        return true;
    });

    /// <inheritdoc/>
    public void SetSending(bool mic, bool camera) => _connection.Post(() =>
    {
        // Who talks is in the plan, and the microphone is never switched off during a run.
        _camera = camera;
        ApplySending();
    });

    /// <inheritdoc/>
    public void OnViewRequested(IReadOnlyList<SlotView> view)
    {
        // A frame's clock tells whose it is.
    }

    /// <inheritdoc/>
    public void OnSlotShown(SlotShown shown)
    {
        // As above.
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // In line before the end of the connection.
        _loop.Host.Loop.Post(() => _owner.Retire(this));
        _sender.Dispose();
        await _connection.DisposeAsync().ConfigureAwait(false);
    }

    void IRtcConnectionEvents.OnStateChanged(RtcPeerState state, string reason)
    {
        _state = state;
        if (state == RtcPeerState.Connected)
        {
            _owner.OnConnected(_connection.Profile);
            _sender.Start(_loop.Host.Loop.Now);
        }
        else
        {
            _sender.Stop();
        }

        if (state != RtcPeerState.Failed || _failed) return;
        _failed = true;
        Failed?.Invoke(reason);
    }

    void IRtcConnectionEvents.OnCandidate(IceCandidate candidate)
    {
        // The server is lite and learns where we are from our checks (RFC 8445 §7.3.1.3).
    }

    void IRtcConnectionEvents.OnGathered()
    {
    }

    void IRtcConnectionEvents.OnKeyframeRequested(string mid)
    {
        if (mid == CameraMid) _sender.RequestKeyframe();
    }

    void IRtcConnectionEvents.OnVideoFrame(string mid, ReadOnlySpan<byte> frame, long timestamp, bool isKeyframe)
    {
        // There is a tap instead.
    }

    private void ApplySending()
    {
        if (_connection.Peer.FindCamera(CameraMid) is { } camera) camera.Enabled = _camera;
    }
}
