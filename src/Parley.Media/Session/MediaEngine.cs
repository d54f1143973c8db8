using System.Runtime.ExceptionServices;
using Parley.Media.Forwarding;
using Parley.Media.Ice;
using Parley.Media.Mixing;

namespace Parley.Media.Session;

/// <summary>
/// The engine behind one media port: finds the connection a datagram belongs to and drives every connection's timers. Has no socket,
/// thread or clock: one thread at a time calls <see cref="HandleDatagram"/> and <see cref="HandleTimeout"/>; datagrams leave
/// through the sink, events through <see cref="IMediaEvents"/>.
/// </summary>
public sealed class MediaEngine
{
    /// <summary>A connection whose timer failed is tried again after this, not in a loop.</summary>
    private static readonly TimeSpan PauseAfterFault = TimeSpan.FromMilliseconds(100);

    /// <summary>So many receivers make it worth while to wait a moment.</summary>
    private const int ManyViewers = 8;

    private readonly Dictionary<string, PeerConnection> _byUfrag = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PeerConnection>.AlternateLookup<ReadOnlySpan<char>> _byUfragChars;
    private readonly Dictionary<TransportAddress, PeerConnection> _byAddress = [];
    private readonly List<PeerConnection> _connections = [];
    private readonly List<VideoEncoding> _waiting = [];
    private readonly byte[] _sendBuffer = new byte[2_048];

    /// <summary>When each connection's timers are due, by its place in the list: looked through many times a second.</summary>
    private TimeSpan[] _due = new TimeSpan[16];
    private TimeSpan _nextDeadline = TimeSpan.MaxValue;

    /// <param name="sink">Where datagrams go.</param>
    /// <param name="random">Where SSRCs and first sequence numbers come from.</param>
    /// <param name="events">Who is told.</param>
    /// <param name="origin">The wall-clock time at <c>now = 0</c>, for the NTP times of sender reports.</param>
    public MediaEngine(IDatagramBatch sink, RandomSource random, IMediaEvents events, DateTimeOffset origin)
    {
        _byUfragChars = _byUfrag.GetAlternateLookup<ReadOnlySpan<char>>();
        Sink = sink;
        Random = random;
        Events = events;
        Origin = Rtcp.NtpTime.From(origin);
    }

    /// <summary>What was received and what was dropped.</summary>
    public MediaCounters Counters { get; } = new();

    /// <summary>When <see cref="HandleTimeout"/> wants to be called next.</summary>
    public TimeSpan NextDeadline => _nextDeadline;

    /// <summary>How the rooms opened from now on are mixed.</summary>
    public AudioMixerOptions Mixing { get; set; } = new();

    internal IDatagramBatch Sink { get; }

    internal RandomSource Random { get; }

    internal IMediaEvents Events { get; }

    internal Rtcp.NtpTime Origin { get; }

    internal Span<byte> SendBuffer => _sendBuffer;

    internal LoadShedding Shedding { get; } = new();

    /// <summary>Where the last packets of every video are kept.</summary>
    internal Rtp.PacketPages PacketPages { get; } = new();

    /// <summary>Opens the media side of a meeting.</summary>
    public Room OpenRoom() => new(this);

    /// <summary>Handles one datagram, decrypting in place. Returns the meeting whose media it was, as its sender's address tells; null for none.</summary>
    public Room? HandleDatagram(Span<byte> datagram, TransportAddress from, TimeSpan now)
    {
        Counters.OnReceived(datagram.Length);
        switch (Datagrams.Classify(datagram))
        {
            case DatagramKind.Stun:
                HandleStun(datagram, from, now);
                break;
            case DatagramKind.Dtls:
                if (_byAddress.TryGetValue(from, out var handshaking)) handshaking.HandleDtls(datagram, from);
                else Counters.OnDropped(DropReason.UnknownAddress);
                break;
            case DatagramKind.RtpOrRtcp:
                if (_byAddress.TryGetValue(from, out var connection))
                {
                    connection.HandleMedia(datagram, now);
                    return connection.Room;
                }

                Counters.OnDropped(DropReason.UnknownAddress);
                break;
            default:
                Counters.OnDropped(DropReason.NotOurs);
                break;
        }

        return null;
    }

    /// <summary>
    /// Ends a batch of datagrams: what has come is forwarded now, receiver by receiver, and leaves. To be called after the last of the
    /// datagrams there were, and after <see cref="HandleTimeout"/>.
    /// </summary>
    public void HandleBatchEnd(TimeSpan now)
    {
        // First what is due: a keyframe of an encoding that was awaited finds its slots ready.
        HandleTimeout(now);
        foreach (var encoding in _waiting) encoding.Source.Forward(encoding, now);
        _waiting.Clear();
        HandleTimeout(now);
        Sink.Flush();
    }

    /// <summary>Whether a picture that many receive has come in part: its rest is probably close behind.</summary>
    public bool ExpectsMore
    {
        get
        {
            foreach (var encoding in _waiting)
            {
                if (encoding.IsInPicture && encoding.Source.Viewers >= ManyViewers) return true;
            }

            return false;
        }
    }

    /// <summary>
    /// How much of its time the engine's thread was busy lately, 0 to 1: told by the host about once a second. Above
    /// <see cref="LoadShedding.TooMuch"/> pictures become smaller before anybody is lost.
    /// </summary>
    public void SetBusy(double fraction, TimeSpan now)
    {
        if (!Shedding.OnBusy(fraction, now)) return;
        foreach (var connection in _connections) connection.OnShedding();
    }

    /// <summary>Whether an authentic check came from the address not longer ago than consent lasts (RFC 7675 §5.1).</summary>
    public bool IsProven(TransportAddress address) =>
        _byAddress.TryGetValue(address, out var connection) && connection.Ice.IsValidated(address);

    /// <summary>A TCP connection has ended: what was proved over it is worth nothing any more.</summary>
    public void HandleClosed(TransportAddress address)
    {
        if (_byAddress.Remove(address, out var connection)) connection.HandleClosed(address);
    }

    /// <summary>Runs whatever is due.</summary>
    public void HandleTimeout(TimeSpan now)
    {
        if (now < _nextDeadline) return;
        _nextDeadline = TimeSpan.MaxValue;

        // From the back: a connection that fails is still in the list until its host removes it, which may be at once.
        ExceptionDispatchInfo? fault = null;
        for (var i = _connections.Count - 1; i >= 0; i--)
        {
            var connection = _connections[i];
            try
            {
                if (now < _due[i]) continue;
                connection.HandleTimeout(now);
                Arm(connection, connection.NextDeadline, isLater: true);
            }
#pragma warning disable CA1031 // A fault of our own in one connection: the host is told, after the others had their turn.
            catch (Exception e)
#pragma warning restore CA1031
            {
                fault ??= ExceptionDispatchInfo.Capture(e);
                Arm(connection, connection.NextDeadline > now ? connection.NextDeadline : now + PauseAfterFault, isLater: true);
            }
        }

        foreach (var due in _due.AsSpan(0, _connections.Count))
        {
            if (due < _nextDeadline) _nextDeadline = due;
        }

        fault?.Throw();
    }

    internal void Add(PeerConnection connection)
    {
        connection.Place = _connections.Count;
        _connections.Add(connection);
        if (_due.Length < _connections.Count) Array.Resize(ref _due, _due.Length * 2);
        _due[connection.Place] = TimeSpan.MaxValue;
        _byUfrag.Add(connection.Ice.Local.Ufrag, connection);
        Arm(connection, connection.NextDeadline);
    }

    internal void Remove(PeerConnection connection)
    {
        // The last takes its place.
        var (place, last) = (connection.Place, _connections.Count - 1);
        (_connections[place], _due[place]) = (_connections[last], _due[last]);
        _connections[place].Place = place;
        _connections.RemoveAt(last);
        connection.Place = -1;
        _byUfrag.Remove(connection.Ice.Local.Ufrag);
        if (connection.PreviousUfrag is { } previous) _byUfrag.Remove(previous);
        foreach (var address in connection.Addresses)
        {
            if (_byAddress.TryGetValue(address, out var owner) && ReferenceEquals(owner, connection)) _byAddress.Remove(address);
        }
    }

    /// <summary>A connection is found by these credentials of its too, or by others no longer.</summary>
    internal void AddUfrag(string ufrag, PeerConnection connection) => _byUfrag.Add(ufrag, connection);

    /// <inheritdoc cref="AddUfrag"/>
    internal void RemoveUfrag(string ufrag) => _byUfrag.Remove(ufrag);

    /// <summary>A connection has something to do at this time, perhaps sooner than before; later only when it says so.</summary>
    internal void Arm(PeerConnection connection, TimeSpan deadline, bool isLater = false)
    {
        if (connection.Place < 0) return;
        ref var due = ref _due[connection.Place];
        if (isLater || deadline < due) due = deadline;
        if (due < _nextDeadline) _nextDeadline = due;
    }

    /// <summary>Packets of this encoding are forwarded when the batch is over.</summary>
    internal void AwaitForward(VideoEncoding encoding) => _waiting.Add(encoding);

    private void HandleStun(ReadOnlySpan<byte> datagram, TransportAddress from, TimeSpan now)
    {
        // The ufrag only says whom to ask; nothing is believed before that connection has checked the integrity.
        if (!IceDemux.TryReadLocalUfrag(datagram, out var ufrag) || ufrag.Length > 64)
        {
            Counters.OnDropped(DropReason.Stun);
            return;
        }

        Span<char> chars = stackalloc char[64];
        for (var i = 0; i < ufrag.Length; i++) chars[i] = (char)ufrag[i];
        if (!_byUfragChars.TryGetValue(chars[..ufrag.Length], out var connection) || !connection.HandleStun(datagram, from, now))
        {
            Counters.OnDropped(DropReason.Stun);
            return;
        }

        // A validated address belongs to who proved it last: a NAT may give a port to another participant later.
        connection.Claim(from, _byAddress);
    }
}
