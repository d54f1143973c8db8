using System.Globalization;
using System.Net;
using Parley.Client.Media;
using Parley.Client.Rtc;
using Parley.Media.Ice;
using Parley.Media.Sdp;
using Parley.Media.Srtp;
using Parley.Terminal.Load;

namespace Parley.SideBySide.Janus;

/// <summary>
/// One connection with Janus, which has one for what somebody sends and one for what they receive; by the same code as a generated
/// participant's with Parley (<see cref="LoadLeg"/>).
/// </summary>
internal sealed class JanusLeg : IRtcConnectionEvents, IAsyncDisposable
{
    private const string AudioMid = "0";
    private const string CameraMid = "1";

    private readonly LoadLoop _loop;
    private readonly LoadTap _tap;
    private readonly RtcConnection _connection;
    private readonly LoadSender? _sender;
    private readonly TaskCompletionSource _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="loop">Whose thread it is.</param>
    /// <param name="place">Whose connection.</param>
    /// <param name="options">The run's.</param>
    /// <param name="sends">Whether it is the one for sending, on which we offer; on the other Janus does.</param>
    /// <param name="speech">What talkers say.</param>
    /// <param name="onMedia">Called with each packet.</param>
    public JanusLeg(LoadLoop loop, LoadPlace place, LoadOptions options, bool sends, OpusLoop? speech, Action onMedia)
    {
        _loop = loop;
        _tap = new LoadTap(loop, place, onMedia, onMedia);
        _connection = new RtcConnection(loop.Host, this, peer => peer with
        {
            Role = sends ? IceRole.Controlling : IceRole.Controlled,
            Tap = _tap,
            HeadersOnly = !place.Decrypts,
            MaxVideoPayload = options.MaxVideoPayload,
        });
        if (sends) _sender = new LoadSender(loop, place, _connection.Peer, CameraMid, options, speech);
    }

    /// <summary>Done when there are a path and keys, failed when there will be none.</summary>
    public Task Connected => _connected.Task;

    /// <summary>How media is protected; null before it is.</summary>
    public SrtpProfile? Profile => _connection.Profile;

    /// <summary>What it has counted; loop thread only.</summary>
    public LoadTotals Totals => _tap.TotalsOf(_connection);

    /// <summary>Opens a socket and offers a camera.</summary>
    public string OfferCamera(IPAddress address) => Offer(address, new SdpLine(MediaKind.Video, CameraMid, MediaDirection.SendOnly));

    /// <summary>Opens a socket and offers sound, both ways.</summary>
    public string OfferSound(IPAddress address) => Offer(address, new SdpLine(MediaKind.Audio, AudioMid, MediaDirection.SendRecv));

    /// <summary>Takes Janus's answer.</summary>
    public void ApplyAnswer(string sdp) => _connection.Run(() =>
    {
        if (_connection.Peer.ApplyAnswer(sdp, _loop.Host.Loop.Now) is { } refused) throw Refused(refused);
        _connection.Peer.FindCamera(CameraMid)?.Enabled = true;
        return true;
    });

    /// <summary>Opens a socket and answers Janus's offer of so many pictures.</summary>
    public string Answer(IPAddress address, string offer, int pictures)
    {
        _connection.OpenOnAll(address);
        var lines = Enumerable.Range(0, pictures).Select(i => new SdpLine(MediaKind.Video, i.ToString(CultureInfo.InvariantCulture), MediaDirection.RecvOnly));
        return _connection.Run(() =>
        {
            var (answer, error) = _connection.Peer.Answer(offer, [.. lines], _loop.Host.Loop.Now);
            return answer ?? throw Refused(error!);
        });
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _connected.TrySetCanceled();
        _sender?.Dispose();
        await _connection.DisposeAsync().ConfigureAwait(false);
    }

    void IRtcConnectionEvents.OnStateChanged(RtcPeerState state, string reason)
    {
        if (state == RtcPeerState.Connected)
        {
            _connected.TrySetResult();
            _sender?.Start(_loop.Host.Loop.Now);
            return;
        }

        _sender?.Stop();
        if (state is RtcPeerState.Failed) _connected.TrySetException(new JanusException(reason));
    }

    void IRtcConnectionEvents.OnCandidate(IceCandidate candidate)
    {
        // All are in the SDP.
    }

    void IRtcConnectionEvents.OnGathered()
    {
    }

    void IRtcConnectionEvents.OnKeyframeRequested(string mid) => _sender?.RequestKeyframe();

    void IRtcConnectionEvents.OnVideoFrame(string mid, ReadOnlySpan<byte> frame, long timestamp, bool isKeyframe)
    {
        // There is a tap instead.
    }

    private string Offer(IPAddress address, SdpLine line)
    {
        _connection.OpenOnAll(address);
        return _connection.Run(() => _connection.Peer.CreateOffer([line], restartIce: false, _loop.Host.Loop.Now));
    }

    private static Parley.Client.ParleyException Refused(string why) => new(Parley.Client.ParleyError.Media, $"What Janus says cannot be used: {why}");
}
