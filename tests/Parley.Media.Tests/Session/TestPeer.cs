using System.Text;
using Parley.Media.Ice;
using Parley.Media.Rtcp;
using Parley.Media.Rtp;
using Parley.Media.Session;
using Parley.Media.Srtp;
using Parley.Media.Stun;
using Parley.Media.Tests.Forwarding;

namespace Parley.Media.Tests.Session;

/// <summary>One participant's far end, packet by packet: checks, protects and decrypts what a test tells it to.</summary>
internal sealed class TestPeer
{
    public const byte OpusType = 111;
    public const int MaxSlots = 3;

    private readonly TestEngine _engine;
    private IceCredentials _credentials;
    private readonly SrtpKeyingMaterial _keys;
    private readonly SrtpSessionKeys _mine;
    private readonly SrtcpOutbound _rtcpOut;
    private readonly SrtpInbound _srtpIn;
    private readonly SrtcpInbound _rtcpIn;
    private readonly Dictionary<uint, SrtpOutboundStream> _streams = [];
    private readonly byte[] _buffer = new byte[2_048];
    private int _read;

    public TestPeer(TestEngine engine, Room room, int number, SrtpProfile profile = SrtpProfile.AeadAes128Gcm, bool connect = true, int slots = MaxSlots)
    {
        _engine = engine;
        Number = number;
        Address = TransportAddress.FromIPv4(0x0A000000 + (uint)number, (ushort)(40_000 + number));
        var random = RandomSource.Seeded(1_000 + number);
        _credentials = IceCredentials.Create(random);
        Connection = new PeerConnection(room, IceCredentials.Create(random), engine.Now);
        var exported = new byte[profile.ExportLength];
        random.Fill(exported);
        _keys = SrtpKeyingMaterial.FromDtlsExport(profile, exported);
        _mine = new SrtpSessionKeys(_keys.Client);
        var theirs = new SrtpSessionKeys(_keys.Server);
        _rtcpOut = new SrtcpOutbound(_mine);
        _srtpIn = new SrtpInbound(theirs);
        _rtcpIn = new SrtcpInbound(theirs);
        Extensions[RtpExtensionType.Mid] = 4;
        Extensions[RtpExtensionType.TransportSequenceNumber] = 3;
        Connection.Apply(Media(slots));
        room.Add(Connection);
        if (!connect) return;
        Check();
        SetKeys();
    }

    public int Number { get; }

    public TransportAddress Address { get; set; }

    public PeerConnection Connection { get; }

    public RtpExtensionMap Extensions { get; } = new();

    public uint Audio => (uint)Number * 1_000 + 1;

    public uint Camera => (uint)Number * 1_000 + 2;

    public uint Screen => (uint)Number * 1_000 + 3;

    public uint Mix => (uint)Number * 1_000 + 4;

    public uint Slot(int slot) => (uint)Number * 1_000 + 10 + (uint)slot;

    public PeerMedia Media(int slots, byte videoType = Vp8Packets.PayloadType) => new(
        _credentials,
        Extensions,
        new AudioLine("0", OpusType, [Audio], Mix),
        [
            new VideoLine("1", VideoKind.Camera, [Vp8(videoType)], [], [Camera], []),
            new VideoLine("2", VideoKind.Screen, [Vp8(videoType)], [], [], []),
        ],
        [
            .. Enumerable.Range(0, slots).Select(i =>
                new SlotLine($"s{i}", [Vp8(Vp8Packets.PayloadType)], Slot(i), RtxSsrc: null, TransportCc: false, Nack: true)),
        ]);

    private static VideoFormat Vp8(byte payloadType) => new(VideoCodec.Vp8, payloadType, null);

    public void SetKeys() => Connection.SetKeys(_keys);

    public void Watch(params TestPeer?[] people) =>
        Connection.SetView([.. people.Select((person, i) => new SlotWish($"s{i}", person?.Connection, VideoKind.Camera))]);

    /// <summary>A connectivity check, as a browser sends it.</summary>
    public byte[] MakeCheck(string? password = null, string? username = null, bool nominate = true)
    {
        var writer = new StunWriter(_buffer, StunClass.Request, StunMethod.Binding, Stun.StunVectors.TransactionId);
        writer.WriteUsername(Encoding.UTF8.GetBytes(username ?? $"{Connection.Ice.Local.Ufrag}:{_credentials.Ufrag}"));
        writer.WriteIceControlling(7);
        writer.WritePriority(0x6E0001FF);
        if (nominate) writer.WriteUseCandidate();
        writer.WriteIntegrity(Encoding.UTF8.GetBytes(password ?? Connection.Ice.Local.Password));
        writer.WriteFingerprint();
        return writer.Written.ToArray();
    }

    /// <summary>Restarts ICE: from now on checks are made with the new credentials.</summary>
    public void RestartIce(int seed)
    {
        var random = RandomSource.Seeded(seed);
        _credentials = IceCredentials.Create(random);
        Connection.RestartIce(IceCredentials.Create(random), _credentials, _engine.Now);
    }

    public void Check(TransportAddress? from = null) => _engine.Receive(MakeCheck(), from ?? Address);

    /// <summary>Protects an RTP packet under an index of its low 16 bits.</summary>
    public byte[] Protect(byte[] rtp, long index)
    {
        Assert.True(RtpPacket.TryParse(rtp, out var packet));
        if (!_streams.TryGetValue(packet.Ssrc, out var stream)) _streams.Add(packet.Ssrc, stream = new SrtpOutboundStream(_mine));
        rtp.CopyTo(_buffer, 0);
        return _buffer[..stream.Protect(_buffer, rtp.Length, index)];
    }

    public void Send(byte[] rtp, long index, TransportAddress? from = null) => _engine.Receive(Protect(rtp, index), from ?? Address);

    /// <summary>One packet that is a whole frame of the camera.</summary>
    public void Film(long index, bool key = false, uint? ssrc = null, byte payloadType = Vp8Packets.PayloadType, string? mid = null, byte fill = 0, TransportAddress? from = null) =>
        Send(MakeFrame(index, key, ssrc, payloadType, mid, fill), index, from);

    public byte[] MakeFrame(long index, bool key = false, uint? ssrc = null, byte payloadType = Vp8Packets.PayloadType, string? mid = null, byte fill = 0, ushort? transport = null) =>
        Vp8Packets.Make(
            ssrc ?? Camera, index, (uint)(index * 3_000), (int)index, (byte)index, key, payloadType: payloadType, fill: fill,
            extensions: mid is null && transport is null ? null : Extensions, mid: mid, transportSequence: transport);

    public delegate void WriteRtcp(ref RtcpWriter writer);

    public void SendRtcp(WriteRtcp write)
    {
        var writer = new RtcpWriter(_buffer.AsSpan(0, 1_500));
        write(ref writer);
        _engine.Receive(_buffer[.._rtcpOut.Protect(_buffer, writer.Length)], Address);
    }

    public void SendRtcp(byte[] compound)
    {
        compound.CopyTo(_buffer, 0);
        _engine.Receive(_buffer[.._rtcpOut.Protect(_buffer, compound.Length)], Address);
    }

    /// <summary>What has come since the last call, decrypted; retransmissions are told apart from what is new.</summary>
    public Inbound Read()
    {
        var inbound = new Inbound();
        for (; _read < _engine.Sent.Count; _read++)
        {
            var (to, bytes) = _engine.Sent[_read];
            if (to != Address) continue;
            var copy = bytes.ToArray();
            if (Datagrams.Classify(copy) != DatagramKind.RtpOrRtcp) inbound.Other++;
            else if (RtpHeader.IsRtcp(copy))
            {
                Assert.Equal(SrtpUnprotectResult.Ok, _rtcpIn.TryUnprotect(copy, out var length));
                inbound.Rtcp.Add(copy[..length]);
            }
            else
            {
                var result = _srtpIn.TryUnprotect(copy, out var length, out _);
                if (result == SrtpUnprotectResult.Ok) inbound.Rtp.Add(copy[..length]);
                else Assert.Equal(SrtpUnprotectResult.Replayed, result);
                inbound.RtpDatagrams++;
            }
        }

        return inbound;
    }
}
