using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Parley.Media;
using Parley.Media.Ice;
using Parley.Media.Rtp;
using Parley.Media.Session;
using Parley.Media.Stun;
using Parley.Server.MediaHost;

namespace Parley.Server.Tests.MediaHost;

/// <summary>The TCP port and its engine over real sockets, with the time in our hand. The test's thread is the media thread.</summary>
public sealed class TcpPortTests : IDisposable, IDatagramSink
{
    private static readonly Action Nothing = () => { };

    private readonly FakeTimeProvider _time = new();
    private readonly MediaClock _clock;
    private readonly MediaEngine _engine;
    private readonly PeerConnection _leg;
    private readonly IceCredentials _remote = IceCredentials.Create(RandomSource.System);
    private readonly List<Socket> _clients = [];
    private readonly SemaphoreSlim _woken = new(0);
    private TcpPort? _port;

    public TcpPortTests()
    {
        _clock = new MediaClock(_time);
        _engine = new MediaEngine(new DirectBatch(this), RandomSource.System, new NoEvents(), _clock.Origin);
        var room = _engine.OpenRoom();
        _leg = new PeerConnection(room, IceCredentials.Create(RandomSource.System), _clock.Now);
        _leg.Apply(new PeerMedia(_remote, new RtpExtensionMap(), null, [], []));
        room.Add(_leg);
    }

    public static TheoryData<string> Loopbacks => Socket.OSSupportsIPv6 ? ["127.0.0.1", "::1"] : ["127.0.0.1"];

    private TcpPort Port => _port ?? throw new InvalidOperationException("Open it first.");

    public void Dispose()
    {
        _port?.Dispose();
        foreach (var client in _clients) client.Dispose();
    }

    void IDatagramSink.Send(TransportAddress to, ReadOnlySpan<byte> datagram) => Port.Send(to, datagram);

    [Theory]
    [MemberData(nameof(Loopbacks))]
    public void A_check_is_answered_over_its_connection_with_the_address_it_came_from(string address)
    {
        Open();
        var client = Connect(address);
        client.Send(Framed(Check()));
        var answer = ReceiveFrame(client);
        Assert.Equal(StunParseResult.Ok, StunMessage.TryParse(answer, out var message));
        Assert.True(message.VerifyIntegrity(Encoding.UTF8.GetBytes(_leg.Ice.Local.Password)));
        Assert.Equal(client.LocalEndPoint, message.XorMappedAddress!.Value.ToEndPoint());
        Assert.True(_leg.Remote!.Value.IsTcp);
        Assert.Equal(client.LocalEndPoint, _leg.Remote.Value.ToEndPoint());
    }

    [Fact]
    public void A_frame_cut_at_every_byte_is_one_frame()
    {
        Open();
        var client = Connect();
        client.NoDelay = true;
        var frame = Framed(Check());
        for (var cut = 1; cut < frame.Length; cut++)
        {
            while (_woken.Wait(0, TestContext.Current.CancellationToken))
            {
            }

            client.Send(frame.AsSpan(0, cut));
            Assert.True(_woken.Wait(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken), "The first part has come.");
            Port.Receive(_engine, Nothing);
            client.Send(frame.AsSpan(cut));
            Assert.Equal(1, ReceiveFrame(client)[0]);
        }

        Assert.Equal(frame.Length - 1, _engine.Counters.Received);
        Assert.Equal(0, _engine.Counters.Dropped(DropReason.Stun));
    }

    [Fact]
    public void Many_frames_at_once_are_many()
    {
        Open();
        var client = Connect();
        client.Send([.. Enumerable.Repeat(Framed(Check()), 200).SelectMany(frame => frame), 0, 0, .. Framed(Check())]);
        for (var i = 0; i < 201; i++) Assert.Equal(1, ReceiveFrame(client)[0]);
        Assert.Equal(201, _engine.Counters.Received);
    }

    [Fact]
    public void Who_sends_no_authentic_check_in_time_is_cut_off_whatever_else_they_send()
    {
        Open();
        var silent = Connect();
        var wrong = Connect();
        var dribbler = Connect();
        var good = Connect();
        good.Send(Framed(Check()));
        ReceiveFrame(good);
        for (var i = 0; i < 11; i++)
        {
            dribbler.Send([(byte)(i == 0 ? 4 : 0)]);
            wrong.Send(Framed(Check(password: "0000000000000000000000")));
            var received = i + 2;
            Pump(() => _engine.Counters.Received >= received, "the wrong check");
            Advance(TimeSpan.FromSeconds(1));
        }

        Pump(() => Port.CountOf(TcpEnd.Unproven) == 3, "the end of three");
        AssertEnded(silent);
        AssertEnded(wrong);
        AssertEnded(dribbler);
        Assert.Equal(1, Port.Count);
        good.Send(Framed(Check()));
        ReceiveFrame(good);
    }

    [Fact]
    public void A_connection_ends_when_its_consent_has_and_lives_as_long_as_it_is_renewed()
    {
        Open();
        var client = Connect();
        for (var i = 0; i < 20; i++)
        {
            client.Send(Framed(Check()));
            ReceiveFrame(client);
            for (var second = 0; second < 5; second++) Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(1, Port.Count);
        for (var second = 0; second < 42; second++) Advance(TimeSpan.FromSeconds(1));
        Pump(() => Port.CountOf(TcpEnd.Silent) == 1, "its end");
        AssertEnded(client);
        Assert.Equal(IceState.Failed, _leg.Ice.State);
    }

    [Fact]
    public void A_frame_longer_than_any_of_ours_ends_the_connection()
    {
        Open();
        var client = Connect();
        client.Send([.. Framed(Check()), 0x08, 0x01]);
        Pump(() => Port.CountOf(TcpEnd.Malformed) == 1, "its end");
        Assert.Equal(0, Port.Count);
        Assert.Null(_leg.Remote);
        Assert.Equal(IceState.Disconnected, _leg.Ice.State);
    }

    [Fact]
    public void When_the_peer_closes_the_engine_knows_at_once()
    {
        Open();
        var client = Connect();
        client.Send(Framed(Check()));
        ReceiveFrame(client);
        var address = _leg.Remote!.Value;
        client.Shutdown(SocketShutdown.Send);
        Pump(() => Port.Count == 0, "its end");
        Assert.Null(_leg.Remote);
        Assert.False(_engine.IsProven(address));

        // Sending there is a drop, and nothing else.
        var dropped = Port.Dropped;
        Port.Send(address, "late"u8);
        Assert.Equal(dropped + 1, Port.Dropped);
        Port.Send(address with { Connection = 0 }, "not even TCP"u8);
    }

    [Fact]
    public void More_than_are_granted_from_one_address_or_in_all_are_refused()
    {
        Open(new TcpLimits { MaxPerAddress = 3 });
        var first = Enumerable.Range(0, 3).Select(_ => Connect()).ToList();
        Pump(() => Port.Count == 3, "three");
        AssertEnded(Connect());
        Assert.Equal(1, Port.CountOf(TcpEnd.TooMany));

        // And when one has gone there is room again.
        first[0].Dispose();
        Pump(() => Port.Count == 2, "its end");
        var again = Connect();
        again.Send(Framed(Check()));
        ReceiveFrame(again);
    }

    [Fact]
    public void Strangers_push_out_strangers_and_never_one_that_has_proved_itself()
    {
        Open(new TcpLimits { MaxUnproven = 2 });
        var good = Connect();
        good.Send(Framed(Check()));
        ReceiveFrame(good);
        var strangers = Enumerable.Range(0, 5).Select(_ => Connect()).ToList();
        Pump(() => Port.CountOf(TcpEnd.Unproven) == 3, "the oldest three");
        foreach (var pushed in strangers.Take(3)) AssertEnded(pushed);
        good.Send(Framed(Check()));
        ReceiveFrame(good);
        strangers[4].Send(Framed(Check()));
        ReceiveFrame(strangers[4]);
    }

    /// <summary>Whole packets are lost, the stream stays whole, checks are still answered, and at last the connection goes.</summary>
    [Fact]
    public void A_peer_that_takes_nothing_loses_packets_and_then_the_connection()
    {
        Open();
        var client = Connect();
        client.Send(Framed(Check()));
        ReceiveFrame(client);
        var to = _leg.Remote!.Value;
        var packet = new byte[1_200];
        packet[0] = 0x80;
        var sent = 0;
        for (; Port.Dropped < 100; sent++)
        {
            BinaryPrimitives.WriteInt32BigEndian(packet.AsSpan(4), sent);
            Port.Send(to, packet);
        }

        // There is room for what keeps the way alive.
        client.Send(Framed(Check()));
        Pump(() => _engine.Counters.Received == 2, "the second check");
        Assert.Equal(100, Port.Dropped);
        Advance(TimeSpan.FromSeconds(9));
        Assert.Equal(1, Port.Count);

        var lost = 0;
        var last = -1;
        for (var read = 0; read < sent - 100; read++)
        {
            var frame = ReceiveFrame(client);
            Assert.Equal(1_200, frame.Length);
            var number = BinaryPrimitives.ReadInt32BigEndian(frame.AsSpan(4));
            lost += number - last - 1;
            last = number;
        }

        Assert.Equal(1, ReceiveFrame(client)[0]);
        Assert.Equal(100, lost + (sent - 1 - last));

        // It has read all: it is well again. And now it stops for good.
        while (Port.Dropped < 200) Port.Send(to, packet);
        for (var i = 0; i < 12; i++) Advance(TimeSpan.FromSeconds(1));
        Pump(() => Port.CountOf(TcpEnd.Stalled) == 1, "its end");
        Assert.Equal(0, Port.Count);
        Assert.Null(_leg.Remote);
    }

    [Fact]
    public void Many_threads_may_send_at_once_and_no_frame_is_torn()
    {
        Open();
        var client = Connect();
        client.Send(Framed(Check()));
        ReceiveFrame(client);
        var to = _leg.Remote!.Value;
        const int Each = 2_000;
        var threads = Enumerable.Range(0, 4).Select(n => new Thread(() =>
        {
            var packet = new byte[50 + n * 37];
            packet.AsSpan().Fill((byte)(0x80 + n));
            for (var i = 0; i < Each; i++) Port.Send(to, packet);
        })).ToList();
        foreach (var thread in threads) thread.Start();
        var counts = new int[4];
        for (var read = 0L; ; read++)
        {
            // Who is dropped last is counted after the last that comes was read.
            Pump(() => client.Available > 0 || threads.TrueForAll(thread => !thread.IsAlive) && read + Port.Dropped == 4 * Each, "the next frame, or the last one's loss");
            if (client.Available == 0) break;
            var frame = ReceiveFrame(client);
            var n = frame[0] - 0x80;
            Assert.Equal(50 + n * 37, frame.Length);
            Assert.False(frame.AsSpan().ContainsAnyExcept((byte)(0x80 + n)));
            counts[n]++;
        }

        Assert.Equal(4 * Each - Port.Dropped, counts.Sum());
        foreach (var thread in threads) thread.Join();
    }

    [Fact]
    public void Sending_and_receiving_allocate_nothing()
    {
        Open();
        var client = Connect();
        var check = Framed(Check());
        client.Send(check);
        ReceiveFrame(client);
        var to = _leg.Remote!.Value;
        var packet = new byte[500];
        packet[0] = 0x80;
        var garbage = Framed([0xFF, 1, 2, 3]);
        var buffer = new byte[2_000];
        var before = 0L;
        for (var i = 0; i < 600; i++)
        {
            // The first rounds fill the pools of sockets and threads.
            if (i == 400) before = GC.GetAllocatedBytesForCurrentThread();
            Port.Send(to, packet);
            for (var taken = 0; taken < 502;) taken += client.Receive(buffer);
            client.Send(garbage);
            while (_engine.Counters.Received < i + 2)
            {
                Port.Receive(_engine, Nothing);
            }
        }

        // A segment of the queue of what is ready, now and then.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4_096);
    }

    [Fact]
    public void After_the_end_nothing_is_accepted_or_sent_and_no_one_throws()
    {
        Open();
        var client = Connect();
        client.Send(Framed(Check()));
        ReceiveFrame(client);
        var to = _leg.Remote!.Value;
        Port.Dispose();
        Port.Dispose();
        Port.Send(to, "x"u8);
        AssertEnded(client);
        Assert.ThrowsAny<SocketException>(() => Connect());
        Port.Receive(_engine, Nothing);
        Port.HandleTimeout(_engine, _clock.Now + TimeSpan.FromSeconds(100));
    }

    private void Open(TcpLimits? limits = null)
    {
        _port = new TcpPort(0, limits ?? new TcpLimits(), _clock, () => _woken.Release());
        _port.Start();
    }

    private Socket Connect(string address = "127.0.0.1")
    {
        var to = new IPEndPoint(IPAddress.Parse(address), Port.Port);
        var client = new Socket(to.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 16_384 };
        _clients.Add(client);
        client.Connect(to);
        return client;
    }

    private byte[] Check(string? password = null)
    {
        var writer = new StunWriter(new byte[256], StunClass.Request, StunMethod.Binding, new byte[12]);
        writer.WriteUsername(Encoding.UTF8.GetBytes($"{_leg.Ice.Local.Ufrag}:{_remote.Ufrag}"));
        writer.WriteIceControlling(1);
        writer.WriteUseCandidate();
        writer.WriteIntegrity(Encoding.UTF8.GetBytes(password ?? _leg.Ice.Local.Password));
        writer.WriteFingerprint();
        return writer.Written.ToArray();
    }

    private static byte[] Framed(byte[] datagram) => [(byte)(datagram.Length >> 8), (byte)datagram.Length, .. datagram];

    /// <summary>Runs the media thread's part until something has happened.</summary>
    private void Pump(Func<bool> done, string what) => Conditions.Poll(
        () =>
        {
            Port.Receive(_engine, Nothing);
            return done();
        },
        what);

    private void Advance(TimeSpan time)
    {
        _time.Advance(time);
        Port.Receive(_engine, Nothing);
        _engine.HandleTimeout(_clock.Now);
        Port.HandleTimeout(_engine, _clock.Now);
    }

    private byte[] ReceiveFrame(Socket client)
    {
        var header = ReceiveExactly(client, 2);
        return ReceiveExactly(client, BinaryPrimitives.ReadUInt16BigEndian(header));
    }

    private byte[] ReceiveExactly(Socket client, int length)
    {
        var buffer = new byte[length];
        for (var at = 0; at < length;)
        {
            Pump(() => client.Available > 0, "more bytes");
            at += client.Receive(buffer.AsSpan(at));
        }

        return buffer;
    }

    /// <summary>Reset, or closed: no byte more comes.</summary>
    private static void AssertEnded(Socket client)
    {
        client.ReceiveTimeout = 30_000;
        try
        {
            while (client.Receive(new byte[4_096]) > 0)
            {
            }
        }
        catch (SocketException reset)
        {
            Assert.NotEqual(SocketError.TimedOut, reset.SocketErrorCode);
        }
    }
}
