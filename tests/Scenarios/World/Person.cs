using System.Net;
using System.Text;
using Parley.Media;
using Parley.Media.Forwarding;
using Parley.Media.Ice;
using Parley.Media.Rtcp;
using Parley.Media.Rtp;
using Parley.Media.Session;
using Parley.Media.Srtp;
using Parley.Media.Stun;

namespace Parley.Scenarios.World;

/// <summary>
/// Someone in a virtual meeting, doing what a browser does: ICE checks, a tone as voice, a camera whose frames say whose
/// they are, NACK and PLI both ways.
/// </summary>
internal sealed class Person
{
    public const int Slots = 9;

    private static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(2.5);
    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(1);

    /// <summary>What the server tells takes its way through signalling and the encoder.</summary>
    private static readonly TimeSpan SignallingTime = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan FrameInterval = TimeSpan.FromMilliseconds(20);

    private readonly VirtualServer _server;
    private IceCredentials _credentials;
    private IceCredentials _remote;
    private readonly SrtpOutboundStream _audioOut;
    private readonly SrtcpOutbound _rtcpOut;
    private readonly SrtpInbound _srtpIn;
    private readonly SrtcpInbound _rtcpIn;
    private readonly ToneVoice _voice;
    private readonly List<TestCamera> _cameras = [];
    private readonly Dictionary<uint, SlotView> _slots = [];
    private readonly Dictionary<uint, SlotView> _repaired = [];
    private readonly TransportCcRecorder _arrivals;
    private readonly RtpExtensionMap _extensions;
    private readonly byte[] _buffer = new byte[2_048];
    private readonly uint _audioSsrc;
    private long _audioSequence = 1_000;
    private bool _gone;

    public Person(VirtualServer server, Room room, int number, int seed, LinkQuality quality, Equipment equipment)
    {
        _server = server;
        Number = number;
        Address = TransportAddress.From(new IPEndPoint(new IPAddress([10, 0, (byte)(number >> 8), (byte)(number + 1)]), 40_000 + number));
        var random = RandomSource.Seeded(seed * 1_000 + number);
        _credentials = IceCredentials.Create(random);
        _remote = IceCredentials.Create(random);
        Connection = new PeerConnection(room, _remote, server.Time.Now) { Tag = this };
        Room = room;

        // Both profiles in every meeting: the odd ones use the fallback.
        var profile = number % 2 == 0 ? SrtpProfile.AeadAes128Gcm : SrtpProfile.Aes128CmHmacSha1_80;
        var keys = SrtpKeyingMaterial.FromDtlsExport(profile, Random(random, profile.ExportLength));
        var (mine, theirs) = (new SrtpSessionKeys(keys.Client), new SrtpSessionKeys(keys.Server));
        _audioOut = new SrtpOutboundStream(mine);
        _rtcpOut = new SrtcpOutbound(mine);
        _srtpIn = new SrtpInbound(theirs);
        _rtcpIn = new SrtcpInbound(theirs);

        _audioSsrc = random.NextUInt32();
        var mixSsrc = random.NextUInt32();
        _voice = new ToneVoice(Frequency);
        Ears = new Ears(mixSsrc);
        _arrivals = new TransportCcRecorder(equipment.FeedbackInterval);
        _extensions = RtpIds.Extensions(equipment.Adapts);
        var format = new VideoFormat(VideoCodec.Vp8, RtpIds.Vp8, equipment.Adapts ? RtpIds.Rtx : null);
        var videos = new List<VideoLine>();
        foreach (var (isScreen, shapes) in new[] { (false, equipment.Cameras), (true, equipment.Screens) })
        {
            if (shapes.Count == 0) continue;
            var camera = new TestCamera(number, isScreen, shapes, equipment, mine, random, datagram => Uplink!.Send(datagram));
            string[] rids = [.. shapes.Select(shape => shape.Rid).OfType<string>()];
            uint[] ssrcs = rids.Length == 0 ? [.. camera.Encodings.Select(encoding => encoding.Ssrc)] : [];
            videos.Add(new VideoLine(camera.Mid, isScreen ? VideoKind.Screen : VideoKind.Camera, [format], rids, ssrcs, []));
            _cameras.Add(camera);
        }

        var slots = new List<SlotLine>();
        for (var i = 0; i < Slots; i++)
        {
            var view = new SlotView($"s{i}", random.NextUInt32(), equipment.Adapts ? random.NextUInt32() : null);
            slots.Add(new SlotLine(view.Mid, [format], view.Ssrc, view.RtxSsrc, TransportCc: equipment.Adapts, Nack: true));
            _slots.Add(view.Ssrc, view);
            if (view.RtxSsrc is { } rtx) _repaired.Add(rtx, view);
        }

        Connection.SetKeys(keys);
        Connection.Apply(new PeerMedia(_credentials, _extensions, new AudioLine("0", RtpIds.Opus, [_audioSsrc], mixSsrc), videos, slots));
        room.Add(Connection);
        Uplink = new LossyLink(quality, seed * 31 + number * 2, server.Time, datagram => server.Receive(datagram, Address));
        Downlink = new LossyLink(quality, seed * 31 + number * 2 + 1, server.Time, Receive);
    }

    public int Number { get; }

    /// <summary>
    /// Their voice. Unequal steps: of equal ones every distortion product would fall on somebody else's tone.
    /// </summary>
    public double Frequency => 313 + 53 * Number + 11 * Number * Number;

    public TransportAddress Address { get; private set; }

    public PeerConnection Connection { get; }

    public Room Room { get; }

    public LossyLink Uplink { get; }

    public LossyLink Downlink { get; }

    public Ears Ears { get; }

    public IEnumerable<SlotView> Views => _slots.Values;

    public TestCamera Camera => _cameras[0];

    /// <summary>Only of who has one.</summary>
    public TestCamera Screen => _cameras[1];

    public bool CameraOn
    {
        get => Camera.IsOn;
        set => Camera.IsOn = value;
    }

    /// <summary>What the server told of what it has use for, in order.</summary>
    public List<(TimeSpan At, VideoKind Kind, int Layers)> LayersWanted { get; } = [];

    /// <summary>When the engine said that the voice is in the mix, whose, and from which timestamp on; or null.</summary>
    public (TimeSpan At, Person Listener, uint RtpTimestamp)? InMix { get; set; }

    public bool VoiceOn { get; set; } = true;

    public SlotView View(int slot) => View($"s{slot}");

    public void Start()
    {
        // Nobody starts in step with anybody else.
        var offset = TimeSpan.FromMilliseconds(Number * 7 % 20);
        var now = _server.Time.Now;
        Check();
        _server.Time.Every(CheckInterval, now + CheckInterval, Check);
        _server.Time.Every(FrameInterval, now + TimeSpan.FromMilliseconds(200) + offset, Speak);
        foreach (var camera in _cameras)
        {
            _server.Time.Every(camera.FrameInterval, now + TimeSpan.FromMilliseconds(200) + offset, () => Film(camera));
            if (camera.Repairs) _server.Time.Every(ReportInterval, now + TimeSpan.FromMilliseconds(250) + offset, () => Report(camera));
        }

        _server.Time.Every(FrameInterval, now + TimeSpan.FromMilliseconds(500) + offset, () =>
        {
            if (!_gone) Ears.Listen(_server.Time.Now);
        });
        _server.Time.Every(TimeSpan.FromMilliseconds(10), now + offset, GiveFeedback);
    }

    /// <summary>Sees these people, in this order; the other slots are paused.</summary>
    public void Watch(params Person[] people) =>
        Connection.SetView([.. people.Select((person, i) => new SlotWish($"s{i}", person.Connection, VideoKind.Camera))]);

    /// <summary>
    /// Walks into another network: from now on the old address is deaf and dumb. As long as signalling takes, they check as before,
    /// in vain; then ICE is restarted.
    /// </summary>
    public void Move(TransportAddress address, TimeSpan signalling, int seed)
    {
        _server.Move(this, address);
        Address = address;
        var (random, connection) = (RandomSource.Seeded(seed), Connection);
        var (mine, theirs) = (IceCredentials.Create(random), IceCredentials.Create(random));
        _server.Time.At(_server.Time.Now + signalling / 2, () => connection.RestartIce(theirs, mine, _server.Time.Now));
        _server.Time.At(_server.Time.Now + signalling, () =>
        {
            (_credentials, _remote) = (mine, theirs);
            Check();
        });
    }

    public void Leave()
    {
        _gone = true;
        Room.Remove(Connection);
    }

    /// <summary>Sees what is wished.</summary>
    public void Watch(params SlotWish[] wishes) => Connection.SetView(wishes);

    /// <summary>A wish for a slot of this person's to show somebody in a tile of this size, by its height.</summary>
    public static SlotWish Wish(int slot, Person source, int height, VideoKind kind = VideoKind.Camera, bool pinned = false) =>
        new($"s{slot}", source.Connection, kind, height * 16 / 9, height, pinned);

    public void OnSlotShown(string mid, Person? source) => View(mid).Told(source?.Number);

    public void OnSlotQuality(string mid, SlotLevel level, SlotLimit limit) => View(mid).Qualities.Add((_server.Time.Now, level, limit));

    public void OnLayersWanted(VideoKind kind, int layers)
    {
        LayersWanted.Add((_server.Time.Now, kind, layers));
        _server.Time.At(_server.Time.Now + SignallingTime, () => (kind == VideoKind.Camera ? Camera : Screen).Layers = layers);
    }

    private static byte[] Random(RandomSource random, int length)
    {
        var bytes = new byte[length];
        random.Fill(bytes);
        return bytes;
    }

    private void Check()
    {
        if (_gone) return;
        Span<byte> transaction = stackalloc byte[12];
        BitConverter.TryWriteBytes(transaction, _server.Time.Now.Ticks);
        BitConverter.TryWriteBytes(transaction[8..], Number);
        var writer = new StunWriter(_buffer, StunClass.Request, StunMethod.Binding, transaction);
        writer.WriteUsername(Encoding.UTF8.GetBytes($"{_remote.Ufrag}:{_credentials.Ufrag}"));
        writer.WriteIceControlling((ulong)Number + 1);
        writer.WritePriority(0x6E0001FF);
        writer.WriteUseCandidate();
        writer.WriteIntegrity(Encoding.UTF8.GetBytes(_remote.Password));
        writer.WriteFingerprint();
        Uplink.Send(writer.Written);
    }

    private void Speak()
    {
        if (_gone) return;
        Span<byte> opus = stackalloc byte[1_275];
        var length = _voice.Next(opus);
        _audioSequence++;
        if (!VoiceOn) return;
        var writer = new RtpWriter(_buffer);
        writer.WriteHeader(RtpIds.Opus, false, (ushort)_audioSequence, (uint)(_audioSequence * 960), _audioSsrc);
        writer.WritePayload(opus[..length]);
        Uplink.Send(_buffer.AsSpan(0, _audioOut.Protect(_buffer, writer.Length, _audioSequence)));
    }

    private SlotView View(string mid) => _slots.Values.Single(view => view.Mid == mid);

    private void Film(TestCamera camera)
    {
        if (!_gone) camera.Film(_server.Time.Now);
    }

    /// <summary>Sender reports: by them a receiver knows which pictures of two encodings are of the same moment (RFC 3550 §6.4.1).</summary>
    private void Report(TestCamera camera)
    {
        if (_gone) return;
        foreach (var encoding in camera.Encodings)
        {
            if (encoding.PacketCount == 0) continue;
            var writer = new RtcpWriter(_buffer.AsSpan(0, 1_200));
            var time = NtpTime.From(VirtualServer.Origin).Add(_server.Time.Now);
            writer.WriteSenderReport(new SenderInfo(encoding.Ssrc, time, encoding.TimestampAt(_server.Time.Now), encoding.PacketCount, 0));
            SendRtcp(writer.Length);
        }
    }

    private void SendRtcp(int length) => Uplink.Send(_buffer.AsSpan(0, _rtcpOut.Protect(_buffer, length)));

    private void Receive(byte[] datagram)
    {
        if (_gone || Datagrams.Classify(datagram) != DatagramKind.RtpOrRtcp) return;
        if (RtpHeader.IsRtcp(datagram)) ReceiveRtcp(datagram);
        else ReceiveRtp(datagram);
    }

    private void ReceiveRtp(byte[] datagram)
    {
        if (_srtpIn.TryUnprotect(datagram, out var length, out _) is var result && result != SrtpUnprotectResult.Ok)
        {
            // A retransmission of what came after all.
            Assert.Equal(SrtpUnprotectResult.Replayed, result);
            return;
        }

        Assert.True(RtpPacket.TryParse(datagram.AsSpan(0, length), out var packet));
        _server.Sent.AppendData(packet.Bytes);
        if (packet.TryGetTransportSequenceNumber(_extensions, out var transport)) _arrivals.OnPacket(transport, _server.Time.Now);
        if (packet.Ssrc == Ears.Ssrc)
        {
            Ears.Receive(in packet, _server.Time.Now);
        }
        else if (!_repaired.TryGetValue(packet.Ssrc, out var view))
        {
            _slots[packet.Ssrc].Receive(in packet, _server.Time.Now);
        }
        else if (RtxPacket.TryRestore(datagram.AsSpan(0, length), RtpIds.Vp8, view.Ssrc, out var original))
        {
            Assert.True(RtpPacket.TryParse(original, out var restored));
            view.Receive(in restored, _server.Time.Now);
        }
    }

    private void ReceiveRtcp(byte[] datagram)
    {
        Assert.Equal(SrtpUnprotectResult.Ok, _rtcpIn.TryUnprotect(datagram, out var length));
        _server.Sent.AppendData(datagram.AsSpan(0, length));
        var reader = new RtcpReader(datagram.AsSpan(0, length));
        while (reader.TryRead(out var packet))
        {
            if (PictureLossIndication.TryParse(in packet, out var loss)) Find(loss.MediaSsrc)?.OnKeyframeRequested();
            if (!GenericNack.TryParse(in packet, out var nack) || Find(nack.MediaSsrc) is not { } encoding) continue;
            foreach (var lost in nack) encoding.SendAgain(lost, _server.Time.Now);
        }

        Assert.Equal(RtcpReadError.None, reader.Error);
    }

    private TestEncoding? Find(uint ssrc) => _cameras.Select(camera => camera.Find(ssrc)).FirstOrDefault(found => found is not null);

    private void GiveFeedback()
    {
        if (_gone) return;
        while (_arrivals.TryBuildFeedback(_server.Time.Now, _audioSsrc, 0, _buffer.AsSpan(0, 1_200), out var length)) SendRtcp(length);
        Span<ushort> lost = stackalloc ushort[64];
        foreach (var view in _slots.Values)
        {
            var writer = new RtcpWriter(_buffer.AsSpan(0, 1_200));
            writer.WriteReceiverReport(_audioSsrc);
            var empty = writer.Length;
            var count = view.CollectNacks(_server.Time.Now, lost);
            if (count > 0) writer.WriteNack(_audioSsrc, view.Ssrc, lost[..count]);
            if (view.TakeKeyframeRequest(_server.Time.Now)) writer.WritePictureLossIndication(_audioSsrc, view.Ssrc);
            if (writer.Length > empty) SendRtcp(writer.Length);
        }
    }
}
