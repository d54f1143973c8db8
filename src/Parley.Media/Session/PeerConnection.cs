using System.Runtime.CompilerServices;
using System.Text;
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
public sealed partial class PeerConnection : ISlotOwner, IDisposable
{
    private const int MaxBinds = 64;

    /// <summary>As many as the agent itself remembers.</summary>
    private const int MaxAddresses = 16;

    private readonly Room _room;
    private readonly MediaEngine _engine;
    private readonly List<Slot> _slots = [];
    private readonly Dictionary<string, SlotWish> _wishes = new(StringComparer.Ordinal);
    private readonly Dictionary<uint, IRtpReceiver> _receivers = [];
    private readonly VideoSource?[] _videos = new VideoSource?[Enum.GetValues<VideoKind>().Length];
    private readonly List<TransportAddress> _addresses = [];
    private readonly byte[] _stunResponse = new byte[IceLiteAgent.MaxResponseLength];
    private PeerMedia? _media;
    private AudioReceiver? _audio;
    private AudioDownlink? _downlink;
    private SrtpSessionKeys? _outboundKeys;
    private SrtpInbound? _srtpIn;
    private SrtcpInbound? _srtcpIn;
    private SrtcpOutbound? _srtcpOut;
    private StrongBox<TransportAddress>? _remote;
    private readonly bool[] _videoEnabled = [true, true];
    private string? _previousUfrag;
    private bool _audioEnabled = true;
    private bool _closed;
    private int _binds;

    /// <param name="room">The meeting it belongs to; <see cref="Session.Room.Add"/> brings it in.</param>
    /// <param name="local">The credentials the answer names.</param>
    /// <param name="now">When it was made: the peer has the ICE timeout to appear.</param>
    public PeerConnection(Room room, IceCredentials local, TimeSpan now)
    {
        _room = room;
        _engine = room.Engine;
        Ice = new IceLiteAgent(local, now);
        _nextReport = now + ReportInterval;
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

    internal AudioInbox Inbox { get; } = new();

    internal bool AudioEnabled => Volatile.Read(ref _audioEnabled);

    internal IReadOnlyList<TransportAddress> Addresses => _addresses;

    /// <summary>After a restart the ufrag of before, as long as the engine finds us by it.</summary>
    internal string? PreviousUfrag => _previousUfrag;

    Span<byte> ISlotOwner.SendBuffer => _engine.SendBuffer;

    /// <summary>Takes what offer and answer settled; again after a re-offer, which only adds slots.</summary>
    public void Apply(PeerMedia media)
    {
        if (_closed) return;
        _media = media;
        Ice.SetRemote(media.Remote);
        foreach (var line in media.Slots)
        {
            if (_slots.Exists(slot => slot.Mid == line.Mid)) continue;
            var slot = new Slot(this, line.Mid, line.Ssrc, line.Formats[0].PayloadType, _engine.Random);
            if (_outboundKeys is { } keys) slot.Open(keys);
            _slots.Add(slot);
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
        _engine.Arm(NextDeadline);
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
        foreach (var slot in _slots) slot.Open(_outboundKeys);
        OpenAudio();
        _engine.Arm(NextDeadline);
    }

    /// <summary>From now on drops what the participant may not send.</summary>
    public void SetSending(bool audio, bool camera, bool screen)
    {
        Volatile.Write(ref _audioEnabled, audio);
        _videoEnabled[(int)VideoKind.Camera] = camera;
        _videoEnabled[(int)VideoKind.Screen] = screen;
        for (var kind = 0; kind < _videos.Length; kind++)
        {
            if (_videos[kind] is { } source) source.Enabled = _videoEnabled[kind];
        }
    }

    /// <summary>Replaces the whole view: slots that are not named are paused.</summary>
    public void SetView(IReadOnlyList<SlotWish> wishes)
    {
        if (_closed) return;
        _wishes.Clear();
        foreach (var wish in wishes) _wishes[wish.Mid] = wish;
        foreach (var slot in _slots) slot.Show(FindWished(slot));
    }

    /// <summary>Whether the connection has a slot of this name.</summary>
    public bool HasSlot(string mid) => _slots.Exists(slot => slot.Mid == mid);

    /// <summary>Sends a datagram to the peer; without a validated address it is dropped. Safe on any thread.</summary>
    public void Send(ReadOnlySpan<byte> datagram)
    {
        if (Volatile.Read(ref _remote) is { } remote) _engine.Sink.Send(remote.Value, datagram);
    }

    void ISlotOwner.Send(ReadOnlySpan<byte> datagram)
    {
        _room.Counters.OnForwarded(datagram.Length);
        Send(datagram);
    }

    void ISlotOwner.OnSlotShown(Slot slot, VideoSource? source)
    {
        if (_closed) return;
        var (owner, kind) = source is null ? (null, VideoKind.Camera) : _room.FindOwner(source);
        _engine.Events.OnSlotShown(this, slot.Mid, owner, kind);
    }

    internal bool Owns(VideoSource source, out VideoKind kind)
    {
        kind = (VideoKind)Array.IndexOf(_videos, source);
        return kind >= 0;
    }

    internal void OnSourceStarted(PeerConnection owner, VideoKind kind, VideoSource source)
    {
        foreach (var slot in _slots)
        {
            if (_wishes.TryGetValue(slot.Mid, out var wish) && ReferenceEquals(wish.Source, owner) && wish.Kind == kind) slot.Show(source);
        }
    }

    /// <summary>Whether the check was authentic; only then may the address become this connection's.</summary>
    internal bool HandleStun(ReadOnlySpan<byte> datagram, TransportAddress from, TimeSpan now)
    {
        var before = Ice.State;
        var result = Ice.HandleRequest(datagram, from, now, _stunResponse, out var length);
        if (length > 0) _engine.Sink.Send(from, _stunResponse.AsSpan(0, length));

        // Also when it was refused: a check that comes too late finds the consent expired.
        Report(before);
        if (result == IceRequestResult.Success)
        {
            var target = Ice.Selected ?? from;
            if (_remote is null || _remote.Value != target)
            {
                Volatile.Write(ref _remote, new StrongBox<TransportAddress>(target));
                RefreshPictures();
            }
        }

        _engine.Arm(NextDeadline);
        return result == IceRequestResult.Success;
    }

    /// <summary>
    /// The way has changed, and nobody knows what was lost on the old one. A browser asks for a keyframe only seconds after its
    /// decoder has stood still.
    /// </summary>
    private void RefreshPictures()
    {
        foreach (var slot in _slots) slot.OnKeyframeRequested();
        foreach (var video in _videos) video?.WantKeyframe();
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
        _engine.Arm(NextDeadline);
    }

    internal void HandleDtls(ReadOnlySpan<byte> datagram, TransportAddress from)
    {
        if (Ice.IsValidated(from)) Dtls?.Feed(from, datagram);
        else _engine.Counters.OnDropped(DropReason.UnknownAddress);
    }

    internal void HandleMedia(Span<byte> datagram, TimeSpan now)
    {
        if (_srtpIn is null)
        {
            _engine.Counters.OnDropped(DropReason.NoKeys);
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
        foreach (var slot in _slots) slot.Dispose();
        foreach (var video in _videos) video?.End();
        Array.Clear(_videos);
        Dtls?.Close();
        _srtpIn?.Dispose();
        _srtcpIn?.Dispose();
        _srtcpOut?.Dispose();
    }

    private void HandleRtp(Span<byte> datagram, TimeSpan now)
    {
        if (_srtpIn!.TryUnprotect(datagram, out var length, out var index) != SrtpUnprotectResult.Ok)
        {
            _engine.Counters.OnDropped(DropReason.Srtp);
            return;
        }

        _room.Counters.OnReceived(datagram.Length);
        if (!RtpPacket.TryParse(datagram[..length], out var packet))
        {
            _engine.Counters.OnDropped(DropReason.Rtp);
            return;
        }

        if (_media is { } media && packet.TryGetTransportSequenceNumber(media.Extensions, out var transportSequence))
        {
            _transportCc.OnPacket(transportSequence, now);
            _feedbackSsrc = packet.Ssrc;
            _engine.Arm(_transportCc.NextDeadline);
        }

        if (!_receivers.TryGetValue(packet.Ssrc, out var receiver))
        {
            receiver = Bind(in packet);
            if (receiver is null) return;
        }
        else if (packet.PayloadType != PayloadTypeOf(receiver))
        {
            _engine.Counters.OnDropped(DropReason.UnknownPayloadType);
            return;
        }

        receiver.OnPacket(in packet, index, now);
        if (receiver is not VideoSource video) return;
        if (video.TryTakeKeyframeRequest(now)) SendKeyframeRequest(video);
        _engine.Arm(video.NextDeadline);
    }

    /// <summary>
    /// Finds the m-line of a new SSRC: announced in the offer, or named by the MID extension (RFC 8843 §9.2). The packet is
    /// authenticated, so only this participant can bind an SSRC, and only to their own m-lines.
    /// </summary>
    private IRtpReceiver? Bind(in RtpPacket packet)
    {
        if (_media is not { } media) return Drop(DropReason.UnknownSsrc);

        // An honest client starts a handful of streams; one that starts them without end would flood its viewers with switches.
        if (_binds >= MaxBinds) return Drop(DropReason.UnknownSsrc);
        packet.TryGetMid(media.Extensions, out var mid);
        if (media.Audio is { } audio && Names(audio.Mid, audio.Ssrcs, mid, packet.Ssrc))
        {
            if (packet.PayloadType != audio.PayloadType) return Drop(DropReason.UnknownPayloadType);
            _binds++;
            if (_audio is not null) _receivers.Remove(_audio.Ssrc);
            Inbox.Restart();
            _audio = new AudioReceiver(packet.Ssrc, Inbox);
            return _receivers[packet.Ssrc] = _audio;
        }

        foreach (var line in media.Videos)
        {
            if (!Names(line.Mid, line.Ssrcs, mid, packet.Ssrc)) continue;
            if (packet.PayloadType != line.Formats[0].PayloadType) return Drop(DropReason.UnknownPayloadType);
            return StartVideo(line.Kind, packet.Ssrc);
        }

        return Drop(DropReason.UnknownSsrc);
    }

    /// <summary>What was negotiated last for what this receiver receives; −1 when its m-line is gone.</summary>
    private int PayloadTypeOf(IRtpReceiver receiver)
    {
        if (ReferenceEquals(receiver, _audio)) return _media?.Audio?.PayloadType ?? -1;

        // By index: an enumerator of the interface would be an allocation per packet.
        for (var i = 0; i < (_media?.Videos.Count ?? 0); i++)
        {
            var line = _media!.Videos[i];
            if (ReferenceEquals(receiver, _videos[(int)line.Kind])) return line.Formats[0].PayloadType;
        }

        return -1;
    }

    private VideoSource StartVideo(VideoKind kind, uint ssrc)
    {
        _binds++;
        if (_videos[(int)kind] is { } before)
        {
            _receivers.Remove(before.Ssrc);
            before.End();
        }

        var source = new VideoSource(ssrc) { Enabled = _videoEnabled[(int)kind] };
        _videos[(int)kind] = source;
        _receivers[ssrc] = source;
        _room.OnSourceStarted(this, kind, source);
        return source;
    }

    private IRtpReceiver? Drop(DropReason reason)
    {
        _engine.Counters.OnDropped(reason);
        return null;
    }

    private static bool Names(string lineMid, IReadOnlyList<uint> announced, ReadOnlySpan<byte> mid, uint ssrc)
    {
        if (!mid.IsEmpty) return Ascii.Equals(mid, lineMid);
        foreach (var known in announced)
        {
            if (known == ssrc) return true;
        }

        return false;
    }

    /// <summary>Only of this room: whatever a wish names, no picture leaves its meeting.</summary>
    private VideoSource? FindWished(Slot slot) =>
        _wishes.TryGetValue(slot.Mid, out var wish) && wish.Source is { } source && ReferenceEquals(source._room, _room)
            ? source._videos[(int)wish.Kind]
            : null;

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
