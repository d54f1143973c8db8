using System.Net;
using System.Text;
using Parley.Media;
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

    private const byte OpusType = 111;
    private const byte Vp8Type = 96;
    private static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(2.5);
    private static readonly TimeSpan FrameInterval = TimeSpan.FromMilliseconds(20);

    private readonly VirtualServer _server;
    private IceCredentials _credentials;
    private IceCredentials _remote;
    private readonly SrtpOutboundStream _audioOut;
    private readonly SrtpOutboundStream _videoOut;
    private readonly SrtcpOutbound _rtcpOut;
    private readonly SrtpInbound _srtpIn;
    private readonly SrtcpInbound _rtcpIn;
    private readonly ToneVoice _voice;
    private readonly TestCamera _camera;
    private readonly Dictionary<uint, SlotView> _slots = [];
    private readonly byte[] _buffer = new byte[2_048];
    private readonly uint _audioSsrc;
    private long _audioSequence = 1_000;
    private bool _gone;

    public Person(VirtualServer server, Room room, int number, int seed, LinkQuality quality)
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
        _videoOut = new SrtpOutboundStream(mine);
        _rtcpOut = new SrtcpOutbound(mine);
        _srtpIn = new SrtpInbound(theirs);
        _rtcpIn = new SrtcpInbound(theirs);

        _audioSsrc = random.NextUInt32();
        var videoSsrc = random.NextUInt32();
        var mixSsrc = random.NextUInt32();
        _voice = new ToneVoice(Frequency);
        _camera = new TestCamera(number, Vp8Type, videoSsrc);
        Ears = new Ears(mixSsrc);
        var extensions = new RtpExtensionMap();
        extensions[RtpExtensionType.Mid] = 4;
        var format = new VideoFormat(VideoCodec.Vp8, Vp8Type, null);
        var slots = new List<SlotLine>();
        for (var i = 0; i < Slots; i++)
        {
            var ssrc = random.NextUInt32();
            slots.Add(new SlotLine($"s{i}", [format], ssrc, RtxSsrc: null, TransportCc: false, Nack: true));
            _slots.Add(ssrc, new SlotView($"s{i}", ssrc));
        }

        Connection.SetKeys(keys);
        Connection.Apply(new PeerMedia(
            _credentials,
            extensions,
            new AudioLine("0", OpusType, [_audioSsrc], mixSsrc),
            [new VideoLine("1", VideoKind.Camera, [format], [], [videoSsrc], [])],
            slots));
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

    public bool CameraOn { get; set; } = true;

    /// <summary>When the engine said that the voice is in the mix, whose, and from which timestamp on; or null.</summary>
    public (TimeSpan At, Person Listener, uint RtpTimestamp)? InMix { get; set; }

    public bool VoiceOn { get; set; } = true;

    public SlotView View(int slot) => _slots.Values.Single(view => view.Mid == $"s{slot}");

    public void Start()
    {
        // Nobody starts in step with anybody else.
        var offset = TimeSpan.FromMilliseconds(Number * 7 % 20);
        var now = _server.Time.Now;
        Check();
        _server.Time.Every(CheckInterval, now + CheckInterval, Check);
        _server.Time.Every(FrameInterval, now + TimeSpan.FromMilliseconds(200) + offset, Speak);
        _server.Time.Every(TestCamera.FrameInterval, now + TimeSpan.FromMilliseconds(200) + offset, Film);
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

    public void OnSlotShown(string mid, Person? source) => _slots.Values.Single(view => view.Mid == mid).Told(source?.Number);

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
        writer.WriteHeader(OpusType, false, (ushort)_audioSequence, (uint)(_audioSequence * 960), _audioSsrc);
        writer.WritePayload(opus[..length]);
        Uplink.Send(_buffer.AsSpan(0, _audioOut.Protect(_buffer, writer.Length, _audioSequence)));
    }

    private void Film()
    {
        if (_gone) return;
        _camera.Film(CameraOn, SendVideo);
    }

    private void SendVideo(ReadOnlySpan<byte> packet, long sequence)
    {
        packet.CopyTo(_buffer);
        Uplink.Send(_buffer.AsSpan(0, _videoOut.Protect(_buffer, packet.Length, sequence)));
    }

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
        if (packet.Ssrc == Ears.Ssrc) Ears.Receive(in packet, _server.Time.Now);
        else _slots[packet.Ssrc].Receive(in packet, _server.Time.Now);
    }

    private void ReceiveRtcp(byte[] datagram)
    {
        Assert.Equal(SrtpUnprotectResult.Ok, _rtcpIn.TryUnprotect(datagram, out var length));
        _server.Sent.AppendData(datagram.AsSpan(0, length));
        var reader = new RtcpReader(datagram.AsSpan(0, length));
        while (reader.TryRead(out var packet))
        {
            if (PictureLossIndication.TryParse(in packet, out var loss) && loss.MediaSsrc == _camera.Ssrc) _camera.WantKeyframe();
            if (!GenericNack.TryParse(in packet, out var nack) || nack.MediaSsrc != _camera.Ssrc) continue;
            foreach (var lost in nack) _camera.SendAgain(lost, SendVideo);
        }

        Assert.Equal(RtcpReadError.None, reader.Error);
    }

    private void GiveFeedback()
    {
        if (_gone) return;
        Span<ushort> lost = stackalloc ushort[64];
        foreach (var view in _slots.Values)
        {
            var writer = new RtcpWriter(_buffer.AsSpan(0, 1_200));
            writer.WriteReceiverReport(_audioSsrc);
            var empty = writer.Length;
            var count = view.CollectNacks(_server.Time.Now, lost);
            if (count > 0) writer.WriteNack(_audioSsrc, view.Ssrc, lost[..count]);
            if (view.TakeKeyframeRequest(_server.Time.Now)) writer.WritePictureLossIndication(_audioSsrc, view.Ssrc);
            if (writer.Length > empty) Uplink.Send(_buffer.AsSpan(0, _rtcpOut.Protect(_buffer, writer.Length)));
        }
    }
}
