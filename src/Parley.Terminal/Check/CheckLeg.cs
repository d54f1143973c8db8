using Parley.Client;
using Parley.Client.Media;
using Parley.Client.Meetings;
using Parley.Client.Rtc;
using Parley.Client.Transport;
using Parley.Media.Ice;
using Parley.Media.Sdp;
using Parley.Protocol;

namespace Parley.Terminal.Check;

/// <summary>A media connection to a server that belongs to no meeting: ICE, then DTLS; no sound and no picture.</summary>
internal sealed class CheckLeg : IRtcConnectionEvents, IAsyncDisposable
{
    private static readonly SdpLine[] Lines =
    [
        new(MediaKind.Audio, "0", MediaDirection.SendRecv), new(MediaKind.Video, "1", MediaDirection.SendOnly), new(MediaKind.Video, "2", MediaDirection.SendOnly),
    ];

    private readonly ParleyServer _server;
    private readonly RtcConnection _connection;
    private readonly TaskCompletionSource _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _gathered = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="server">Whom to reach.</param>
    /// <param name="relays">Through one of these alone; directly when there are none.</param>
    public CheckLeg(ParleyServer server, IReadOnlyList<Client.Meetings.IceServer> relays)
    {
        _server = server;
        _connection = new RtcConnection(
            server.MediaHost, this, options => options with { IceServers = relays, RelayOnly = relays.Count > 0 });
    }

    /// <summary>Our ICE user name fragment.</summary>
    public string LocalUfrag => _connection.Run(() => _connection.Peer.LocalUfrag);

    /// <summary>An offer; its candidates need not be in it, for the server is lite.</summary>
    public string CreateOffer() => _connection.Run(() => _connection.Peer.CreateOffer(Lines, restartIce: false, _server.MediaHost.Loop.Now));

    /// <summary>Connects over UDP, all the way to keys.</summary>
    /// <returns>The path: our end's kind and the server's address.</returns>
    /// <exception cref="ParleyException">It cannot.</exception>
    public async Task<PathEnd?> ConnectAsync(TimeSpan patience, CancellationToken cancellation)
    {
        _connection.Open(LocalAddresses.List(_server.Address.IsLoopback));
        var answer = await _server.AnswerCheckAsync(new CheckOffer(CreateOffer(), CheckTransport.Udp), cancellation).ConfigureAwait(false);
        if (_connection.Run(() => _connection.Peer.ApplyAnswer(answer, _server.MediaHost.Loop.Now)) is { } refused)
            throw new ParleyException(ParleyError.Media, $"The server's answer cannot be used: {refused}");
        try
        {
            await _connected.Task.WaitAsync(patience, cancellation).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw new ParleyException(ParleyError.Unreachable, await WhyNotAsync().ConfigureAwait(false));
        }

        return _connection.Run(() => ConnectionStatistics.Read(_connection.Peer, MeetingMode.Server).Remote);
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    void IRtcConnectionEvents.OnStateChanged(RtcPeerState state, string reason)
    {
        if (state == RtcPeerState.Connected) _connected.TrySetResult();
        if (state == RtcPeerState.Failed) _connected.TrySetException(new ParleyException(ParleyError.Unreachable, reason));
    }

    void IRtcConnectionEvents.OnGathered() => _gathered.TrySetResult();

    void IRtcConnectionEvents.OnCandidate(IceCandidate candidate)
    {
    }

    void IRtcConnectionEvents.OnKeyframeRequested(string mid)
    {
    }

    void IRtcConnectionEvents.OnVideoFrame(string mid, ReadOnlySpan<byte> frame, long timestamp, bool isKeyframe)
    {
    }

    private Task<string> WhyNotAsync() => Task.FromResult(_connection.Run(() =>
    {
        var peer = _connection.Peer;
        if (peer.Ice.Selected is not null) return "A path was found, but its encryption could not be agreed on.";
        return peer.GatheringFailures is [var failure, ..] ? $"No answer in time ({failure})." : "No answer in time.";
    }));
}
