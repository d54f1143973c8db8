using System.Buffers.Binary;
using System.Text;
using Parley.Media;
using Parley.Media.Ice;
using Parley.Media.Mixing;
using Parley.Media.Rtp;
using Parley.Media.Session;
using Parley.Media.Srtp;
using Parley.Media.Stun;

namespace Parley.Server.Tests.MediaHost;

/// <summary>
/// A room with one listener, whose every mixed frame tells when it was ticked: who has heard a voice is sent every frame, until
/// 800 ms of silence have passed.
/// </summary>
internal sealed class AudioRoom : IDatagramSink
{
    private readonly Conditions _conditions;
    private readonly bool _throws;
    private readonly MediaEngine _engine;
    private readonly TransportAddress _speaker;
    private int _said;

    public AudioRoom(Conditions conditions, bool throws = false)
    {
        (_conditions, _throws) = (conditions, throws);
        _engine = new MediaEngine(new DirectBatch(this), RandomSource.Seeded(1), new NoEvents(), DateTimeOffset.UnixEpoch);
        Room = _engine.OpenRoom();
        Join(2, 9);
        _speaker = Join(1, 8);
        Speak(TimeSpan.Zero);
    }

    private static SrtpKeyingMaterial Keys { get; } =
        SrtpKeyingMaterial.FromDtlsExport(SrtpProfile.AeadAes128Gcm, new byte[SrtpProfile.AeadAes128Gcm.ExportLength]);

    public Room Room { get; }

    /// <summary>The RTP timestamps of the frames sent, in order.</summary>
    public List<uint> Ticks { get; } = [];

    /// <summary>The other one says a fifth of a second.</summary>
    public void Speak(TimeSpan now)
    {
        using var encoder = new OpusEncoder(new OpusEncoderOptions());
        using var stream = new SrtpOutboundStream(new SrtpSessionKeys(Keys.Client));
        var pcm = new float[960];
        var opus = new byte[1_275];
        var buffer = new byte[1_500];
        for (var end = _said + 10; _said < end; _said++)
        {
            for (var n = 0; n < pcm.Length; n++) pcm[n] = 0.3f * MathF.Sin((_said * 960 + n) * 0.05f);
            var length = encoder.Encode(pcm, opus);
            var writer = new RtpWriter(buffer);
            writer.WriteHeader(111, false, (ushort)(100 + _said), (uint)(_said * 960), 1);
            writer.WritePayload(opus.AsSpan(0, length));
            _engine.HandleDatagram(buffer.AsSpan(0, stream.Protect(buffer, writer.Length, 100 + _said)), _speaker, now);
        }
    }

    void IDatagramSink.Send(TransportAddress to, ReadOnlySpan<byte> datagram)
    {
        // The speaker hears nothing and is sent nothing that counts.
        if (to.Port != 9 || datagram[0] >> 6 != 2 || Datagrams.IsRtcp(datagram)) return;
        var timestamp = BinaryPrimitives.ReadUInt32BigEndian(datagram[4..]);
        _conditions.Change(() => Ticks.Add(timestamp));
        if (_throws) throw new InvalidOperationException("this room is broken");
    }

    private TransportAddress Join(uint number, ushort port)
    {
        var address = TransportAddress.FromIPv4(0x7F000001, port);
        var (local, remote) = (IceCredentials.Create(RandomSource.System), IceCredentials.Create(RandomSource.System));
        var connection = new PeerConnection(Room, local, TimeSpan.Zero);
        connection.Apply(new PeerMedia(remote, new RtpExtensionMap(), new AudioLine("0", 111, [number], number + 100), [], []));
        Room.Add(connection);
        var check = new StunWriter(new byte[256], StunClass.Request, StunMethod.Binding, new byte[12]);
        check.WriteUsername(Encoding.UTF8.GetBytes($"{local.Ufrag}:{remote.Ufrag}"));
        check.WriteIceControlling(1);
        check.WritePriority(1);
        check.WriteUseCandidate();
        check.WriteIntegrity(Encoding.UTF8.GetBytes(local.Password));
        check.WriteFingerprint();
        _engine.HandleDatagram(check.Written.ToArray(), address, TimeSpan.Zero);
        connection.SetKeys(Keys);
        return address;
    }
}
