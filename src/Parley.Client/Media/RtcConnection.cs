using System.Net;
using System.Net.Sockets;
using Parley.Client.Rtc;
using Parley.Client.Transport;
using Parley.Media;
using Parley.Media.Dtls;
using Parley.Media.Ice;
using Parley.Media.Srtp;

namespace Parley.Client.Media;

/// <summary>
/// An <see cref="RtcPeer"/> with sockets, time and a thread for its handshake. What it tells comes on the media thread; what it is
/// asked is asked there, by <see cref="Run{T}"/>.
/// </summary>
internal sealed class RtcConnection : IMediaLoopClient, IIceSink, IRtcPeerEvents, IAsyncDisposable
{
    private readonly MediaHost _host;
    private readonly IRtcConnectionEvents _events;
    private readonly MediaLoopRegistration _registration;
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private DtlsPipe? _dtls;
    private DtlsRole _role;
    private DtlsConnection? _association;
    private readonly HashSet<IPAddress> _opened = [];
    private int _sockets;

    /// <param name="host">What is shared.</param>
    /// <param name="events">Is told what happens.</param>
    /// <param name="configure">What this connection is made of, beyond what is shared.</param>
    public RtcConnection(MediaHost host, IRtcConnectionEvents events, Func<RtcPeerOptions, RtcPeerOptions> configure)
    {
        host.Hold();
        _host = host;
        _events = events;
        var options = configure(new RtcPeerOptions { Identity = host.Identity, Origin = host.Origin });
        Peer = new RtcPeer(options, this, this, host.Loop.Now);
        _registration = host.Loop.Register(this);
    }

    /// <summary>The connection itself: media thread only.</summary>
    public RtcPeer Peer { get; }

    TimeSpan IMediaLoopClient.NextDeadline => Peer.NextDeadline;

    /// <summary>How media is protected; null before the handshake's end. Media thread.</summary>
    public SrtpProfile? Profile { get; private set; }

    /// <summary>Datagrams the system refused to send.</summary>
    public long SendErrors => _registration.SendErrors;

    /// <summary>Opens sockets, one for each address; an address that cannot be bound is left out.</summary>
    /// <exception cref="ParleyException">None can be bound.</exception>
    public void Open(IReadOnlyList<IPAddress> addresses) => Run(() =>
    {
        if (OpenNew(addresses) is { } refused && _sockets == 0)
            throw new ParleyException(ParleyError.Media, $"No UDP socket can be opened on this machine: {refused.Message}.", inner: refused);
        if (_sockets == 0) throw new ParleyException(ParleyError.Media, "No UDP socket can be opened on this machine: it has no address.");
        Peer.EndOfSockets(_host.Loop.Now);
        return true;
    });

    /// <summary>The machine's addresses are others: opens sockets for those that are new. Media thread.</summary>
    /// <returns>Whether there are any.</returns>
    public bool OpenMore(IReadOnlyList<IPAddress> addresses)
    {
        var before = _sockets;
        OpenNew([.. addresses.Where(address => !_opened.Contains(address))]);
        return _sockets > before;
    }

    private SocketException? OpenNew(IReadOnlyList<IPAddress> addresses)
    {
        SocketException? refused = null;
        foreach (var address in addresses.Take(MediaLoopRegistration.MaxSockets - _sockets))
        {
            try
            {
                var local = _registration.Open(new IPEndPoint(address, 0));
                Peer.AddSocket(local, _registration.LocalAddress(local), ushort.MaxValue - _sockets++, _host.Loop.Now);
                _opened.Add(address);
            }
            catch (SocketException problem)
            {
                refused = problem;
            }
        }

        return refused;
    }

    /// <summary>
    /// Opens one socket on all addresses, for who has hundreds of connections to one server: the system sends from the right
    /// address by itself, and the server learns it from our checks (RFC 8445 §7.3.1.3).
    /// </summary>
    /// <param name="announced">The address its candidate names; its family is the socket's.</param>
    /// <exception cref="ParleyException">It cannot be bound.</exception>
    public void OpenOnAll(IPAddress announced) => Run(() =>
    {
        try
        {
            var any = announced.AddressFamily == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any;
            var local = _registration.Open(new IPEndPoint(any, 0));
            var address = TransportAddress.From(new IPEndPoint(announced, _registration.LocalAddress(local).Port));
            Peer.AddSocket(local, address, ushort.MaxValue, _host.Loop.Now);
            Peer.EndOfSockets(_host.Loop.Now);
            return true;
        }
        catch (SocketException problem)
        {
            throw new ParleyException(ParleyError.Media, $"No UDP socket can be opened on this machine: {problem.Message}.", inner: problem);
        }
    });

    /// <summary>
    /// Does something on the media thread and waits for it, which is soon: that thread waits for nobody. What it throws comes
    /// back to the caller, and ends nothing.
    /// </summary>
    /// <exception cref="ParleyException">The connection has ended; or what <paramref name="call"/> threw.</exception>
    public T Run<T>(Func<T> call)
    {
        if (_host.Loop.IsLoopThread) return call();
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _registration.Post(() =>
        {
            try
            {
                answer.SetResult(call());
            }
            catch (ParleyException problem)
            {
                answer.SetException(problem);
            }
        });
        if (Task.WaitAny([answer.Task, _closed.Task]) == 1 && !answer.Task.IsCompleted)
        {
            throw new ParleyException(ParleyError.Lost, "The media connection has ended.");
        }

        return answer.Task.GetAwaiter().GetResult();
    }

    /// <summary>Something was done to <see cref="Peer"/> on the media thread, outside of its own turn: its deadline is read again.</summary>
    public void Arm() => _registration.Arm();

    /// <summary>Does something on the media thread, soon and in order.</summary>
    public void Post(Action action) => _registration.Post(action);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _registration.Post(() =>
        {
            _association?.Close();
            Peer.Close(_host.Loop.Now);
            _closed.TrySetResult();
        });

        // A loop that has ended runs nothing any more.
        await Task.WhenAny(_closed.Task, Task.Delay(TimeSpan.FromSeconds(2))).ConfigureAwait(false);
        _registration.Dispose();
        _closed.TrySetResult();
        _dtls?.Dispose();
        Peer.Dispose();
        _host.Release();
    }

    void IMediaLoopClient.OnDatagram(int local, TransportAddress from, Span<byte> datagram, TimeSpan now) =>
        Peer.HandleDatagram(local, from, datagram, now);

    void IMediaLoopClient.OnBatchEnd(TimeSpan now)
    {
    }

    void IMediaLoopClient.OnTimer(TimeSpan now) => Peer.HandleTimeout(now);

    void IMediaLoopClient.OnFault(Exception fault)
    {
        _closed.TrySetResult();
        _events.OnStateChanged(RtcPeerState.Failed, $"A fault in the media connection: {fault.Message}");
    }

    void IIceSink.Send(int local, TransportAddress to, ReadOnlySpan<byte> datagram) => _registration.Send(local, to, datagram);

    void IRtcPeerEvents.OnStateChanged(RtcPeerState state, string reason) => _events.OnStateChanged(state, reason);

    void IRtcPeerEvents.OnCandidate(IceCandidate candidate) => _events.OnCandidate(candidate);

    void IRtcPeerEvents.OnGathered() => _events.OnGathered();

    void IRtcPeerEvents.OnKeyframeRequested(string mid) => _events.OnKeyframeRequested(mid);

    void IRtcPeerEvents.OnVideoFrame(string mid, ReadOnlySpan<byte> frame, long timestamp, bool isKeyframe) =>
        _events.OnVideoFrame(mid, frame, timestamp, isKeyframe);

    void IRtcPeerEvents.OnHandshakeDue(DtlsRole role, DtlsFingerprint expectedRemote)
    {
        _role = role;
        var identity = _host.Identity;
        _dtls = _host.Dtls.Start(
            datagrams => role == DtlsRole.Client
                ? DtlsClientHandshake.Run(identity, expectedRemote, datagrams)
                : DtlsServerHandshake.Run(identity, expectedRemote, datagrams),
            SendDtls,
            outcome => _registration.Post(() => OnHandshake(outcome)));
    }

    void IRtcPeerEvents.OnDtls(ReadOnlySpan<byte> datagram)
    {
        if (_association is null)
        {
            _dtls?.Feed(datagram);
        }
        else if (_association.HandleDatagram(datagram, _host.Loop.Now) == DtlsConnectionState.ClosedByPeer)
        {
            Peer.OnDtlsFailed("The other side has ended the connection.");
        }
    }

    /// <summary>The handshake's thread sends through the media thread: only that one knows the path.</summary>
    private void SendDtls(ReadOnlySpan<byte> datagram)
    {
        if (_host.Loop.IsLoopThread)
        {
            Peer.SendDtls(datagram, _host.Loop.Now);
            return;
        }

        var copy = datagram.ToArray();
        _registration.Post(() => Peer.SendDtls(copy, _host.Loop.Now));
    }

    private void OnHandshake(DtlsOutcome outcome)
    {
        if (!outcome.Succeeded)
        {
            Peer.OnDtlsFailed($"The encryption could not be agreed on ({outcome.Failure}).");
            return;
        }

        // What came meanwhile is the last flight again: the association answers it.
        _association = outcome.Connection;
        var keys = outcome.Keys!;
        Profile = (SrtpProfile)keys.SrtpProfile;
        Peer.SetKeys(SrtpKeyingMaterial.FromDtlsExport(Profile.Value, keys.ExportedKeyingMaterial), _role, _host.Loop.Now);
    }
}
