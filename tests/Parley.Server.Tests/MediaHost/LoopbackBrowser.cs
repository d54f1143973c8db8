using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Org.BouncyCastle.Tls;
using Parley.Media;
using Parley.Media.Dtls;
using Parley.Media.Ice;
using Parley.Media.Rtp;
using Parley.Media.Srtp;
using Parley.Media.Stun;
using Parley.Media.Tests.Dtls;

namespace Parley.Server.Tests.MediaHost;

/// <summary>A browser's media leg over a real socket: offer, checks, DTLS, then VP8 up and whatever comes down.</summary>
internal sealed partial class LoopbackBrowser : DatagramTransport, IDisposable
{
    private Socket _socket;
    private readonly BlockingCollection<byte[]> _dtls = new(64);
    private IceCredentials _credentials = IceCredentials.Create(RandomSource.System);
    private readonly DtlsIdentity _identity = DtlsIdentity.Create(TimeProvider.System.GetUtcNow(), TimeSpan.FromDays(2));
    private readonly Conditions _conditions = new();
    private readonly Dictionary<uint, int> _received = [];
    private readonly uint _camera = RandomSource.System.NextUInt32();
    private readonly uint _microphone = RandomSource.System.NextUInt32();
    private readonly byte[] _buffer = new byte[1_500];
    private readonly IPEndPoint _server;
    private readonly bool _tcp;
    private DtlsTestClient? _client;
    private Thread? _receiver;
    private Thread? _handshake;
    private string _remoteUfrag = "";
    private string _remotePassword = "";
    private SrtpOutboundStream? _video;
    private SrtpOutboundStream? _voice;
    private SrtpInbound? _inbound;
    private long _index = 1_000;
    private int _responses;
    private volatile bool _gone;

    /// <param name="port">The server's.</param>
    /// <param name="tcp">Whether it is that of TCP: a network that lets no UDP through.</param>
    public LoopbackBrowser(int port, bool tcp = false)
    {
        (_tcp, _server) = (tcp, new IPEndPoint(IPAddress.Loopback, port));
        _socket = Open();
    }

    /// <summary>The SSRC of the slot, as the answer names it.</summary>
    public uint SlotSsrc { get; private set; }

    /// <summary>When false, whatever the server's DTLS says is lost on the way.</summary>
    public bool HearsDtls { get; set; } = true;

    /// <summary>Microphone, camera, screen and one slot "3".</summary>
    public string Offer() => string.Join("\r\n", [
        "v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "t=0 0", "a=group:BUNDLE 0 1 2 3",
        .. Line("audio", 0, 111, "opus/48000/2", "sendrecv"), $"a=ssrc:{_microphone} cname:x",
        .. Line("video", 1, 96, "VP8/90000", "sendonly"), $"a=ssrc:{_camera} cname:x",
        .. Line("video", 2, 96, "VP8/90000", "sendonly"),
        .. Line("video", 3, 96, "VP8/90000", "recvonly"), ""]);

    /// <summary>Takes the answer and begins: a check that nominates, then the handshake.</summary>
    public void Connect(string answer)
    {
        ReadTransport(answer);
        SlotSsrc = uint.Parse(Ssrcs().Matches(answer)[^1].Groups[1].Value);
        _receiver = new Thread(() => ReceiveAll(_socket)) { IsBackground = true };
        _receiver.Start();
        Check();
        _conditions.Wait(() => _responses > 0, "the answer to a check");
        _handshake = new Thread(Handshake) { IsBackground = true };
        _handshake.Start();
    }

    /// <summary>From now on offers restart ICE; checks go on as before until <see cref="Moved"/>.</summary>
    public void RestartIce() => _credentials = IceCredentials.Create(RandomSource.System);

    /// <summary>Takes the answer to a restart at another port of its own (over TCP: another connection) and nominates it.</summary>
    public void Moved(string answer)
    {
        ReadTransport(answer);
        var (before, after) = (_socket, Open());
        var responses = _conditions.Look(() => _responses);
        _socket = after;
        var arrivals = new Thread(() => ReceiveAll(after)) { IsBackground = true };
        arrivals.Start();
        Check();
        _conditions.Wait(() => _responses > responses, "the answer to a check from the new port");

        // Make before break.
        before.Dispose();
        _receiver!.Join();
        _receiver = arrivals;
    }

    public void Check()
    {
        var writer = new StunWriter(new byte[256], StunClass.Request, StunMethod.Binding, new byte[12]);
        writer.WriteUsername(Encoding.UTF8.GetBytes($"{_remoteUfrag}:{_credentials.Ufrag}"));
        writer.WriteIceControlling(1);
        writer.WritePriority(1);
        writer.WriteUseCandidate();
        writer.WriteIntegrity(Encoding.UTF8.GetBytes(_remotePassword));
        writer.WriteFingerprint();
        Send(writer.Written);
    }

    /// <summary>Sends a keyframe of one packet.</summary>
    public void Film()
    {
        WaitForKeys();
        var writer = new RtpWriter(_buffer);
        writer.WriteHeader(96, true, (ushort)++_index, (uint)_index * 3_000, _camera);
        writer.WritePayload([0x90, 0x80, 0x80, (byte)_index, 0x10, 1, 2, 3]);
        Send(_buffer.AsSpan(0, _video!.Protect(_buffer, writer.Length, _index)));
    }

    /// <summary>Sends 20 ms of silence as Opus (RFC 6716 §3.1: one frame of CELT).</summary>
    public void Say()
    {
        WaitForKeys();
        var writer = new RtpWriter(_buffer);
        writer.WriteHeader(111, false, (ushort)++_index, (uint)_index * 960, _microphone);
        writer.WritePayload([0xf8, 0xff, 0xfe]);
        Send(_buffer.AsSpan(0, _voice!.Protect(_buffer, writer.Length, _index)));
    }

    /// <summary>Until then what comes down cannot be read, though the server may be connected already.</summary>
    public void WaitForKeys() => _conditions.Wait(() => _video is not null, "keys");

    /// <summary>Ends the DTLS association as a page that is closed does.</summary>
    public void CloseDtls()
    {
        WaitForKeys();
        _handshake!.Join();
        _client!.Transport!.Close();
    }

    public int CountOf(uint ssrc) => _conditions.Look(() => _received.GetValueOrDefault(ssrc));

    public void WaitForVideo(int packets) => _conditions.Wait(() => _received.GetValueOrDefault(SlotSsrc) >= packets, $"{packets} packets of video");

    public void Dispose()
    {
        _gone = true;
        _dtls.CompleteAdding();
        _socket.Dispose();
        _receiver?.Join();
        _handshake?.Join();
        _identity.Dispose();
    }

    int DatagramReceiver.GetReceiveLimit() => 1_500;

    int DatagramSender.GetSendLimit() => 1_200;

    int DatagramReceiver.Receive(byte[] buf, int off, int len, int waitMillis) => Take(buf.AsSpan(off, len), waitMillis);

    int DatagramReceiver.Receive(Span<byte> buffer, int waitMillis) => Take(buffer, waitMillis);

    void DatagramSender.Send(byte[] buf, int off, int len) => Send(buf.AsSpan(off, len));

    void DatagramSender.Send(ReadOnlySpan<byte> buffer) => Send(buffer);

    void TlsCloseable.Close()
    {
    }

    [GeneratedRegex(@"a=ice-ufrag:(\S+)")]
    private static partial Regex Ufrag();

    [GeneratedRegex(@"a=ice-pwd:(\S+)")]
    private static partial Regex Password();

    [GeneratedRegex(@"a=ssrc:(\d+) ")]
    private static partial Regex Ssrcs();

    private Socket Open()
    {
        var socket = new Socket(AddressFamily.InterNetwork, _tcp ? SocketType.Stream : SocketType.Dgram, _tcp ? ProtocolType.Tcp : ProtocolType.Udp);
        if (_tcp) socket.Connect(_server);
        else socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }

    /// <summary>Over TCP each with its length before it (RFC 4571), in one piece though several threads send.</summary>
    private void Send(ReadOnlySpan<byte> datagram)
    {
        if (!_tcp)
        {
            _socket.SendTo(datagram, _server);
            return;
        }

        var frame = new byte[2 + datagram.Length];
        BinaryPrimitives.WriteUInt16BigEndian(frame, (ushort)datagram.Length);
        datagram.CopyTo(frame.AsSpan(2));
        _socket.Send(frame);
    }

    private int Receive(Socket socket, Span<byte> buffer)
    {
        if (!_tcp) return socket.Receive(buffer);
        ReceiveExactly(socket, buffer[..2]);
        int length = BinaryPrimitives.ReadUInt16BigEndian(buffer);
        ReceiveExactly(socket, buffer[..length]);
        return length;
    }

    private static void ReceiveExactly(Socket socket, Span<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            var count = socket.Receive(buffer);
            if (count == 0) throw new SocketException((int)SocketError.ConnectionReset);
            buffer = buffer[count..];
        }
    }

    private void ReadTransport(string answer)
    {
        _remoteUfrag = Ufrag().Match(answer).Groups[1].Value;
        _remotePassword = Password().Match(answer).Groups[1].Value;
    }

    private int Take(Span<byte> buffer, int waitMillis)
    {
        if (_gone) throw new IOException("gone");
        if (!_dtls.TryTake(out var datagram, waitMillis)) return -1;
        datagram.CopyTo(buffer);
        return datagram.Length;
    }

    private string[] Line(string kind, int mid, int payloadType, string codec, string direction) =>
    [
        $"m={kind} 9 UDP/TLS/RTP/SAVPF {payloadType}", "c=IN IP4 0.0.0.0", $"a=mid:{mid}", $"a={direction}", "a=rtcp-mux",
        $"a=ice-ufrag:{_credentials.Ufrag}", $"a=ice-pwd:{_credentials.Password}",
        $"a=fingerprint:{_identity.Fingerprint.ToSdpValue()}", "a=setup:actpass", $"a=rtpmap:{payloadType} {codec}",
    ];

    private void Handshake()
    {
        var client = _client = new DtlsTestClient(_identity, resendMillis: 200);
        try
        {
            client.Connect(this);
        }
        catch (SocketException)
        {
            // The test is over.
        }
        catch (ObjectDisposedException)
        {
            // The test is over.
        }

        if (client.Keys is not { } keys) return;
        var material = SrtpKeyingMaterial.FromDtlsExport((SrtpProfile)keys.SrtpProfile, keys.ExportedKeyingMaterial);
        _conditions.Change(() =>
        {
            _voice = new SrtpOutboundStream(new SrtpSessionKeys(material.Client));
            _video = new SrtpOutboundStream(new SrtpSessionKeys(material.Client));
            _inbound = new SrtpInbound(new SrtpSessionKeys(material.Server));
        });
    }

    private void ReceiveAll(Socket socket)
    {
        var buffer = new byte[2_048];
        while (!_gone)
        {
            int length;
            try
            {
                length = Receive(socket, buffer);
            }
            catch (SocketException) when (!_tcp)
            {
                continue;
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // The connection has ended, it moved, or the test is over.
                return;
            }

            Take(buffer.AsSpan(0, length).ToArray());
        }
    }

    private void Take(byte[] datagram)
    {
        switch (Datagrams.Classify(datagram))
        {
            case DatagramKind.Stun:
                _conditions.Change(() => _responses++);
                break;
            case DatagramKind.Dtls when HearsDtls && !_dtls.IsAddingCompleted:
                _dtls.TryAdd(datagram);
                break;
            case DatagramKind.RtpOrRtcp when !Datagrams.IsRtcp(datagram):
                _conditions.Change(() =>
                {
                    if (_inbound?.TryUnprotect(datagram, out var length, out _) != SrtpUnprotectResult.Ok) return;
                    if (!RtpPacket.TryParse(datagram.AsSpan(0, length), out var packet)) return;
                    _received[packet.Ssrc] = _received.GetValueOrDefault(packet.Ssrc) + 1;
                });
                break;
        }
    }
}
