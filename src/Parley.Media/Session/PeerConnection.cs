using System.Runtime.CompilerServices;
using System.Text;
using Parley.Media.Congestion;
using Parley.Media.Forwarding;
using Parley.Media.Ice;
using Parley.Media.Mixing;
using Parley.Media.Rtp;
using Parley.Media.Srtp;

namespace Parley.Media.Session;

/// <summary>
/// One participant's transport and all that flows over it: ICE-lite, DTLS (through the host), SRTP, the sources they send
/// and the slots they see. Used by the network thread only, except <see cref="Send"/>, which the mixer and the DTLS
/// handshake also call.
/// </summary>
public sealed partial class PeerConnection : IDownlinkOwner, ISourceOwner, IDisposable
{
    /// <summary>Where an estimate of a viewer's path begins, and its bounds.</summary>
    private static readonly BandwidthOptions Bandwidth = new();

    /// <summary>UDP and IP headers (RFC 768, RFC 791, RFC 8200).</summary>
    private const int IPv4Overhead = 28, IPv6Overhead = 48;

    /// <summary>As many as the agent itself remembers.</summary>
    private const int MaxAddresses = 16;

    private readonly Room _room;
    private readonly MediaEngine _engine;
    private readonly Dictionary<string, SlotWish> _wishes = new(StringComparer.Ordinal);
    private readonly Downlink _down;
    private readonly List<TransportAddress> _addresses = [];
    private readonly byte[] _stunResponse = new byte[IceLiteAgent.MaxResponseLength];
    private PeerMedia? _media;
    private AudioDownlink? _downlink;
    private SrtpSessionKeys? _outboundKeys;
    private SrtpInbound? _srtpIn;
    private SrtcpInbound? _srtcpIn;
    private SrtcpOutbound? _srtcpOut;
    private StrongBox<TransportAddress>? _remote;
    private string? _previousUfrag;
    private bool _audioEnabled = true;
    private bool _closed;

    /// <param name="room">The meeting it belongs to; <see cref="Session.Room.Add"/> brings it in.</param>
    /// <param name="local">The credentials the answer names.</param>
    /// <param name="now">When it was made: the peer has the ICE timeout to appear.</param>
    public PeerConnection(Room room, IceCredentials local, TimeSpan now)
    {
        _room = room;
        _engine = room.Engine;
        Inbox = room.Audio.CreateInbox();
        Ice = new IceLiteAgent(local, now);
        _nextReport = NextReport(now);
        _down = new Downlink(this, _engine.Random);
        _videos = [new VideoSource(this, isScreen: false), new VideoSource(this, isScreen: true)];
    }

    /// <summary>The agent of this transport.</summary>
    public IceLiteAgent Ice { get; }

    /// <summary>The room it is in.</summary>
    public Room Room => _room;

    /// <summary>Where DTLS goes; set by the host before the connection is added.</summary>
    public IDtlsInlet? Dtls { get; set; }

    /// <summary>Anything of the host's that it wants to find again.</summary>
    public object? Tag { get; set; }

    /// <summary>Whether the handshake has given keys.</summary>
    public bool HasKeys => _srtpIn is not null;

    /// <summary>Whether the transport has ended; network thread only.</summary>
    public bool IsClosed => _closed;

    /// <summary>The address media goes to; null before ICE has validated one.</summary>
    public TransportAddress? Remote => Volatile.Read(ref _remote)?.Value;

    internal AudioInbox Inbox { get; }

    internal bool AudioEnabled => Volatile.Read(ref _audioEnabled);

    internal IReadOnlyList<TransportAddress> Addresses => _addresses;

    /// <summary>After a restart the ufrag of before, as long as the engine finds us by it.</summary>
    internal string? PreviousUfrag => _previousUfrag;

    /// <summary>Where the engine has it; −1 while it has not.</summary>
    internal int Place { get; set; } = -1;

    bool IDownlinkOwner.CanSend => _remote is not null;

    int IDownlinkOwner.DatagramOverhead => _remote is { Value.IsIPv4: false } ? IPv6Overhead : IPv4Overhead;

    int IDownlinkOwner.Shedding => _engine.Shedding.Level;

    /// <summary>Takes what offer and answer settled; again after a re-offer, which only adds slots.</summary>
    public void Apply(PeerMedia media)
    {
        if (_closed) return;
        _media = media;
        Ice.SetRemote(media.Remote);
        foreach (var line in media.Slots)
        {
            if (_down.Find(line.Mid) is null) _down.Add(line.Mid, line.Ssrc, line.RtxSsrc, line.Formats);
            if (line.TransportCc) _down.Estimate(media.Extensions[RtpExtensionType.TransportSequenceNumber], Bandwidth);
        }

        OpenAudio();
    }

    /// <summary>
    /// Restarts ICE (RFC 8445 §9): checks with the new credentials are heard from now on, and the first nomination among them moves
    /// the connection. Until then it goes on over the old path. Keys, SSRCs, slots and views stay. A connection whose ICE has failed
    /// is tried again.
    /// </summary>
    /// <param name="local">Our new credentials, which the answer names.</param>
    /// <param name="remote">The client's new ones.</param>
    /// <param name="now">The time.</param>
    public void RestartIce(IceCredentials local, IceCredentials remote, TimeSpan now)
    {
        if (_closed) return;
        var (state, replaced) = (Ice.State, Ice.Local.Ufrag);
        Ice.Restart(local, remote, now);
        _engine.AddUfrag(local.Ufrag, this);

        // One of a restart before this one is kept only if it is what selected the address.
        if (Ice.Previous?.Ufrag != replaced) _engine.RemoveUfrag(replaced);
        else _previousUfrag = replaced;
        Report(state);
        Arm();
    }

    /// <summary>The handshake is done: from now on media flows.</summary>
    public void SetKeys(SrtpKeyingMaterial keys)
    {
        if (_closed || HasKeys) return;
        var inbound = new SrtpSessionKeys(keys.Client);
        _outboundKeys = new SrtpSessionKeys(keys.Server);
        _srtpIn = new SrtpInbound(inbound);
        _srtcpIn = new SrtcpInbound(inbound);
        _srtcpOut = new SrtcpOutbound(_outboundKeys);
        _down.Open(_outboundKeys);
        OpenAudio();
        Arm();
    }

    /// <summary>From now on drops what the participant may not send.</summary>
    public void SetSending(bool audio, bool camera, bool screen)
    {
        Volatile.Write(ref _audioEnabled, audio);
        _videos[(int)VideoKind.Camera].Enabled = camera;
        _videos[(int)VideoKind.Screen].Enabled = screen;
    }

    /// <summary>Replaces the whole view: slots that are not named are paused.</summary>
    public void SetView(IReadOnlyList<SlotWish> wishes)
    {
        if (_closed) return;
        _wishes.Clear();
        foreach (var wish in wishes) _wishes[wish.Mid] = wish;
        for (var i = 0; i < _down.Count; i++)
        {
            var slot = _down[i];
            slot.Tile = _wishes.TryGetValue(slot.Mid, out var wish) ? new Tile(wish.Width, wish.Height, wish.Pinned) : default;
            slot.Show(FindWished(slot));
        }

        _down.OnDemandChanged();
    }

    /// <summary>Whether the connection has a slot of this name.</summary>
    public bool HasSlot(string mid) => _down.Find(mid) is not null;

    /// <summary>Sends a datagram to the peer; without a validated address it is dropped. Safe on any thread.</summary>
    public void Send(ReadOnlySpan<byte> datagram)
    {
        if (Volatile.Read(ref _remote) is { } remote) _engine.Sink.Send(remote.Value, datagram);
    }

    Span<byte> IDownlinkOwner.Reserve(int maxLength) => _engine.Sink.Reserve(maxLength);

    void IDownlinkOwner.Commit(int length)
    {
        if (_remote is not { } remote) return;
        _room.Counters.OnForwarded(length);
        Counters.OnForwarded(length);
        _engine.Sink.Commit(remote.Value, length);
    }

    void IDownlinkOwner.OnOccurred(Occurrence occurrence) => Count(occurrence);

    void IDownlinkOwner.Prefetch(int step)
    {
        if (step == 0) CacheLines.Prefetch(_remote, 1);
    }

    bool IDownlinkOwner.IsSpeaking(VideoSource source) => ReferenceEquals(source.Owner, _room.Audio.Dominant);

    void IDownlinkOwner.OnSlotShown(Slot slot, VideoSource? source)
    {
        if (_closed) return;
        _engine.Events.OnSlotShown(this, slot.Mid, source?.Owner as PeerConnection, source is { IsScreen: true } ? VideoKind.Screen : VideoKind.Camera);
    }

    void IDownlinkOwner.OnSlotQuality(Slot slot, SlotLevel level, SlotLimit limit)
    {
        if (!_closed) _engine.Events.OnSlotQuality(this, slot.Mid, level, limit);
    }

    void IDownlinkOwner.OnDownlinkDue() => _engine.Arm(this, _down.NextDeadline);

    void ISourceOwner.AwaitForward(VideoEncoding encoding) => _engine.AwaitForward(encoding);

    void ISourceOwner.OnSourceDue() => _engine.Arm(this, TimeSpan.Zero);

    TimeSpan? ISourceOwner.CapturedAt(TimeSpan now) => _playTime.CapturedAt(now, _audio?.CapturedAt(now));

    void ISourceOwner.OnLayersWanted(VideoSource source, int layers)
    {
        if (!_closed) _engine.Events.OnLayersWanted(this, source.IsScreen ? VideoKind.Screen : VideoKind.Camera, layers);
    }

    /// <summary>This machine gives up more of quality, or less.</summary>
    internal void OnShedding() => _down.OnDemandChanged();

    /// <summary>Whether the check was authentic; only then may the address become this connection's.</summary>
    internal bool HandleStun(ReadOnlySpan<byte> datagram, TransportAddress from, TimeSpan now)
    {
        var before = Ice.State;
        var result = Ice.HandleRequest(datagram, from, now, _stunResponse, out var length);
        if (length > 0) SendInBatch(from, _stunResponse.AsSpan(0, length));

        // Also when it was refused: a check that comes too late finds the consent expired.
        Report(before);
        if (result == IceRequestResult.Success)
        {
            var target = Ice.Selected ?? from;
            if (_remote is null || _remote.Value != target)
            {
                Volatile.Write(ref _remote, new StrongBox<TransportAddress>(target));
                OnNewPath(now);
            }
        }

        Arm();
        return result == IceRequestResult.Success;
    }

    /// <summary>
    /// The way has changed, and nobody knows what was lost on the old one. A browser asks for a keyframe only seconds after its
    /// decoder has stood still.
    /// </summary>
    private void OnNewPath(TimeSpan now)
    {
        _down.OnNewPath(now);
        foreach (var video in _videos) video.WantKeyframe();
    }

    /// <summary>Notes a validated address as this connection's own in the engine's table; the table stays bounded per connection.</summary>
    internal void Claim(TransportAddress address, Dictionary<TransportAddress, PeerConnection> table)
    {
        if (table.TryGetValue(address, out var owner) && ReferenceEquals(owner, this)) return;
        table[address] = this;
        _addresses.Remove(address);
        _addresses.Add(address);
        if (_addresses.Count <= MaxAddresses) return;
        var oldest = _addresses[0];
        _addresses.RemoveAt(0);
        if (table.TryGetValue(oldest, out owner) && ReferenceEquals(owner, this)) table.Remove(oldest);
    }

    /// <summary>The TCP connection behind one of the addresses has ended; the engine has let go of it.</summary>
    internal void HandleClosed(TransportAddress address)
    {
        var before = Ice.State;
        _addresses.Remove(address);
        Ice.HandleClosed(address);
        if (_remote is { } remote && remote.Value == address) Volatile.Write(ref _remote, null);
        Report(before);
        Arm();
    }

    internal void HandleDtls(ReadOnlySpan<byte> datagram, TransportAddress from)
    {
        if (Ice.IsValidated(from)) Dtls?.Feed(from, datagram);
        else Drop(DropReason.UnknownAddress);
    }

    internal void HandleMedia(Span<byte> datagram, TimeSpan now)
    {
        if (_srtpIn is null)
        {
            Drop(DropReason.NoKeys);
            return;
        }

        if (RtpHeader.IsRtcp(datagram)) HandleRtcp(datagram, now);
        else HandleRtp(datagram, now);
    }

    /// <summary>Ends the transport; its room has let go of it before.</summary>
    public void Dispose()
    {
        if (_closed) return;
        _closed = true;
        _down.Dispose();
        foreach (var video in _videos) video.End();
        Dtls?.Close();
        _srtpIn?.Dispose();
        _srtcpIn?.Dispose();
        _srtcpOut?.Dispose();
    }

    /// <summary>Only of this room: whatever a wish names, no picture leaves its meeting.</summary>
    private VideoSource? FindWished(Slot slot) =>
        _wishes.TryGetValue(slot.Mid, out var wish) && wish.Source is { _closed: false } source && ReferenceEquals(source._room, _room)
            ? source._videos[(int)wish.Kind]
            : null;

    private void Arm() => _engine.Arm(this, NextDeadline);

    private void OpenAudio()
    {
        if (_downlink is not null || _closed || _outboundKeys is not { } keys || _media?.Audio is not { } audio) return;
        _downlink = new AudioDownlink(this, audio.SendSsrc, audio.PayloadType, keys, _engine.Random);
        _room.Audio.Add(this, _downlink);
    }

    private void Report(IceState before)
    {
        if (_previousUfrag is { } over && Ice.Previous?.Ufrag != over)
        {
            _engine.RemoveUfrag(over);
            _previousUfrag = null;
        }

        if (Ice.State == before) return;

        // Consent is over: nothing more may be sent there (RFC 7675 §5.1).
        if (Ice.State is IceState.Failed or IceState.New) Volatile.Write(ref _remote, null);
        _engine.Events.OnConnectionState(this, Ice.State, Ice.StateReason);
    }
}
