using Microsoft.Extensions.Time.Testing;
using Org.BouncyCastle.Tls;
using Parley.Media.Dtls;
using Parley.Media.Tests.Dtls;
using Parley.Server.MediaHost;

namespace Parley.Server.Tests.MediaHost;

public sealed class DtlsHandshakesTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DtlsIdentity Server = DtlsIdentity.Create(Now, TimeSpan.FromDays(1));
    private static readonly DtlsIdentity Client = DtlsIdentity.Create(Now, TimeSpan.FromDays(1));

    private readonly FakeTimeProvider _time = new(Now);

    [Fact]
    public async Task A_handshake_gives_both_sides_the_same_keys_and_holds_no_place_afterwards()
    {
        using var handshakes = Handshakes(new DtlsLimits());
        var peer = new DtlsPeerEnd(handshakes, Client.Fingerprint);
        var client = new DtlsTestClient(Client);

        client.Connect(peer);
        var outcome = await peer.Outcome;

        Assert.True(outcome.Succeeded, outcome.ToString());
        Assert.Equal(client.Keys!.ExportedKeyingMaterial, outcome.Keys.ExportedKeyingMaterial);
        Assert.All(peer.Fed, result => Assert.Equal(DtlsFeed.Taken, result));
        Assert.Equal(0, handshakes.HalfOpen);
    }

    [Fact]
    public async Task A_client_that_leaves_is_noticed_without_a_thread_of_its_own()
    {
        using var handshakes = Handshakes(new DtlsLimits());
        var (peer, client) = await Connect(handshakes);

        client.Transport!.Close();
        await peer.Closed;

        Assert.Equal(DtlsFeed.Closed, peer.Feed(Hello()));
    }

    [Fact]
    public async Task Closing_an_inlet_tells_the_client()
    {
        using var handshakes = Handshakes(new DtlsLimits());
        var (peer, client) = await Connect(handshakes);

        peer.Inlet.Close();
        for (var i = 0; i < 200 && client.AlertReceived is null; i++)
        {
            client.Transport!.Receive(new byte[2048], 0, 2048, 50);
        }

        Assert.Equal((short)AlertDescription.close_notify, client.AlertReceived);
    }

    [Fact]
    public async Task Stalled_handshakes_do_not_hold_up_a_good_one()
    {
        var limits = new DtlsLimits { MaxHalfOpen = 33, MaxHalfOpenPerAddress = 33, MaxComputing = 1 };
        using var handshakes = Handshakes(limits);
        var stalled = Stall(handshakes, 32);

        var (peer, _) = await Connect(handshakes);

        Assert.True((await peer.Outcome).Succeeded);
        Assert.Equal(32, handshakes.HalfOpen);
        Assert.All(stalled, other => Assert.False(other.Outcome.IsCompleted));
        Assert.InRange(handshakes.Threads, 32, 33);
    }

    [Fact]
    public async Task At_the_cap_the_longest_stalled_makes_room_once_it_is_old()
    {
        using var handshakes = Handshakes(new DtlsLimits { MaxHalfOpen = 3, EvictAfter = TimeSpan.FromSeconds(1) });
        var first = Stall(handshakes, 1)[0];
        _time.Advance(TimeSpan.FromMilliseconds(500));
        var others = Stall(handshakes, 2);
        var late = new DtlsPeerEnd(handshakes, Client.Fingerprint);

        Assert.Equal(DtlsFeed.Refused, late.Feed(Hello()));
        Assert.Equal(3, handshakes.HalfOpen);

        _time.Advance(TimeSpan.FromMilliseconds(500));
        Assert.Equal(DtlsFeed.Taken, late.Feed(Hello()));
        Assert.Equal(DtlsFailure.Evicted, (await first.Outcome).Failure);
        Assert.All(others, other => Assert.False(other.Outcome.IsCompleted));
        Assert.Equal(3, handshakes.HalfOpen);
        Assert.InRange(handshakes.Threads, 1, 3);
        Assert.Equal(DtlsFeed.Closed, first.Feed(Hello()));
    }

    [Fact]
    public async Task A_good_handshake_completes_though_every_place_was_stalled()
    {
        using var handshakes = Handshakes(new DtlsLimits { MaxHalfOpen = 4 });
        Stall(handshakes, 4);
        _time.Advance(TimeSpan.FromSeconds(2));

        var (peer, _) = await Connect(handshakes);

        Assert.True((await peer.Outcome).Succeeded);
        Assert.Equal(3, handshakes.HalfOpen);
    }

    [Fact]
    public void One_address_does_not_take_the_places_of_others()
    {
        using var handshakes = Handshakes(new DtlsLimits { MaxHalfOpen = 8, MaxHalfOpenPerAddress = 2 });
        Stall(handshakes, 2, address: 0x0A000001);

        Assert.Equal(DtlsFeed.Refused, new DtlsPeerEnd(handshakes, Client.Fingerprint, 0x0A000001).Feed(Hello()));
        Assert.Equal(DtlsFeed.Taken, new DtlsPeerEnd(handshakes, Client.Fingerprint, 0x0A000002).Feed(Hello()));
    }

    [Fact]
    public async Task A_full_address_makes_room_among_its_own()
    {
        using var handshakes = Handshakes(new DtlsLimits { MaxHalfOpen = 8, MaxHalfOpenPerAddress = 2 });
        var elsewhere = Stall(handshakes, 1, address: 0x0A000002)[0];
        var own = Stall(handshakes, 2, address: 0x0A000001);
        _time.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(DtlsFeed.Taken, new DtlsPeerEnd(handshakes, Client.Fingerprint, 0x0A000001).Feed(Hello()));

        Assert.Equal(DtlsFailure.Evicted, (await own[0].Outcome).Failure);
        Assert.False(own[1].Outcome.IsCompleted);
        Assert.False(elsewhere.Outcome.IsCompleted);
    }

    [Fact]
    public async Task A_handshake_past_its_deadline_times_out()
    {
        using var handshakes = Handshakes(new DtlsLimits { Timeout = TimeSpan.FromSeconds(5) });
        var stalled = Stall(handshakes, 1)[0];

        _time.Advance(TimeSpan.FromSeconds(5));
        stalled.Feed(Hello());

        Assert.Equal(DtlsFailure.Timeout, (await stalled.Outcome).Failure);
        Assert.Equal(DtlsFeed.Closed, stalled.Feed(Hello()));
    }

    [Fact]
    public void Nothing_but_a_hello_begins_a_handshake()
    {
        using var handshakes = Handshakes(new DtlsLimits());
        var peer = new DtlsPeerEnd(handshakes, Client.Fingerprint);
        byte[] alert = [21, 0xFE, 0xFD, 0, 0, 0, 0, 0, 0, 0, 9, 0, 2, 2, 40];

        Assert.Equal(DtlsFeed.Malformed, peer.Feed(alert));
        Assert.Equal(DtlsFeed.Malformed, peer.Feed([22, 1, 2, 3]));
        Assert.Equal(DtlsFeed.Malformed, peer.Feed([]));
        Assert.Equal(0, handshakes.HalfOpen);
        Assert.Equal(0, handshakes.Threads);
    }

    [Fact]
    public async Task Closing_gives_a_handshake_up()
    {
        using var handshakes = Handshakes(new DtlsLimits());
        var stalled = Stall(handshakes, 1)[0];
        var never = new DtlsPeerEnd(handshakes, Client.Fingerprint);

        stalled.Inlet.Close();
        never.Inlet.Close();

        Assert.Equal(DtlsFailure.Closed, (await stalled.Outcome).Failure);
        Assert.Equal(DtlsFeed.Closed, never.Feed(Hello()));
    }

    [Fact]
    public async Task Disposing_ends_every_handshake_and_every_thread()
    {
        var handshakes = Handshakes(new DtlsLimits());
        var stalled = Stall(handshakes, 5);

        handshakes.Dispose();

        Assert.All(await Task.WhenAll(stalled.Select(peer => peer.Outcome)), outcome => Assert.Equal(DtlsFailure.Closed, outcome.Failure));
        Assert.Equal(0, handshakes.Threads);
        Assert.Equal(DtlsFeed.Refused, new DtlsPeerEnd(handshakes, Client.Fingerprint).Feed(Hello()));
    }

    [Fact]
    public void A_queue_that_is_full_drops_and_gives_back_in_order()
    {
        var queue = new DtlsDatagramQueue(2);
        var buffer = new byte[16];

        Assert.True(queue.TryAdd([1]));
        Assert.True(queue.TryAdd([2, 2]));
        Assert.False(queue.TryAdd([3]));
        Assert.Equal(1, queue.Take(buffer));
        Assert.True(queue.TryAdd([4, 4, 4]));
        Assert.Equal(2, queue.Take(buffer));
        Assert.Equal(3, queue.Take(buffer));
        Assert.Equal(4, buffer[0]);
        Assert.Equal(0, queue.Take(buffer));
    }

    private static async Task<(DtlsPeerEnd, DtlsTestClient)> Connect(DtlsHandshakes handshakes)
    {
        var peer = new DtlsPeerEnd(handshakes, Client.Fingerprint);
        var client = new DtlsTestClient(Client);
        client.Connect(peer);
        Assert.Null(client.Error);
        await peer.Outcome;
        return (peer, client);
    }

    /// <summary>Handshakes whose client said hello and no more.</summary>
    private static DtlsPeerEnd[] Stall(DtlsHandshakes handshakes, int count, uint address = 0x0A000063)
    {
        var hello = Hello();
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            var peer = new DtlsPeerEnd(handshakes, Client.Fingerprint, address);
            Assert.Equal(DtlsFeed.Taken, peer.Feed(hello));
            return peer;
        })];
    }

    private static byte[] Hello()
    {
        var capture = new HelloCapture();
        new DtlsTestClient(Client).Connect(capture);
        return capture.Hello!;
    }

    private DtlsHandshakes Handshakes(DtlsLimits limits) => new(Server, limits, _time);

    /// <summary>Takes a client's first datagram and then fails.</summary>
    private sealed class HelloCapture : DatagramTransport
    {
        public byte[]? Hello { get; private set; }

        public int GetReceiveLimit() => 1500;

        public int GetSendLimit() => 1200;

        public int Receive(byte[] buf, int off, int len, int waitMillis) => throw new TlsFatalAlert(AlertDescription.user_canceled);

        public int Receive(Span<byte> buffer, int waitMillis) => throw new TlsFatalAlert(AlertDescription.user_canceled);

        public void Send(byte[] buf, int off, int len) => Send(buf.AsSpan(off, len));

        public void Send(ReadOnlySpan<byte> buffer) => Hello ??= buffer.ToArray();

        public void Close()
        {
        }
    }
}
