using System.Text;
using CsCheck;
using Parley.Media.Ice;
using Parley.Media.Stun;

namespace Parley.Media.Tests.Ice;

/// <summary>What strangers and a bad peer can do to a full agent: nothing, and little.</summary>
public sealed class IceAgentHostileTests
{
    private static readonly TransportAddress Stranger = VirtualNetwork.Address("198.51.100.66", 666);

    private delegate void Fill(ref StunWriter writer);

    [Fact]
    public void Random_and_damaged_bytes_change_nothing_and_get_nothing_longer_back()
    {
        var pair = IcePair.Direct().Connect();
        pair.Network.RunFor(3);
        var agent = pair.Offerer.Agent;
        var peer = pair.Answerer.Socket(0).Address;
        var check = Request(pair, (ref StunWriter writer) => writer.WriteUsername(Username(pair)), "not the right password at all");
        Gen.OneOf(
            Gen.Byte.Array[0, 200],
            Gen.Select(Gen.Int[0, check.Length - 1], Gen.Byte[1, 255]).Select((at, by) =>
            {
                var damaged = check.ToArray();
                damaged[at] ^= by;
                return damaged;
            })).Sample(
                bytes =>
                {
                    var (selected, version, deadline) = (agent.Selected, agent.Version, agent.NextDeadline);
                    pair.Offerer.Sent.Clear();
                    agent.HandleStun(0, Stranger, bytes, pair.Network.Now);
                    agent.HandleStun(0, peer, bytes, pair.Network.Now);
                    agent.HandleStun(5, peer, bytes, pair.Network.Now);
                    Assert.Same(selected, agent.Selected);
                    Assert.Equal(version, agent.Version);
                    Assert.Equal(deadline, agent.NextDeadline);
                    Assert.DoesNotContain(pair.Offerer.Sent, answer => answer.IsRequest);
                    Assert.False(agent.IsConsented(0, Stranger));
                },
                threads: 1);
    }

    [Fact]
    public void To_a_stranger_no_answer_is_longer_than_the_request()
    {
        var sink = new Recorder();
        var agent = New(sink);
        agent.AddLocal(0, IceCandidate.Host(VirtualNetwork.Address("192.0.2.1", 5000), 1), TimeSpan.Zero);
        var bare = new StunWriter(new byte[64], StunClass.Request, StunMethod.Binding, new byte[12]).Written.ToArray();
        agent.HandleStun(0, Stranger, bare, TimeSpan.Zero);
        Assert.Equal(1, agent.CountOf(IceStunResult.BadRequest));
        Assert.All(sink.Sent, sent => Assert.True(sent.Length <= bare.Length));

        var named = Sign((ref StunWriter writer) => writer.WriteUsername("somebody:else"u8), agent.Local.Password);
        agent.HandleStun(0, Stranger, named, TimeSpan.Zero);
        Assert.Equal(1, agent.CountOf(IceStunResult.WrongUsername));
        Assert.All(sink.Sent, sent => Assert.True(sent.Length <= named.Length));
    }

    [Fact]
    public void A_forged_answer_is_nothing()
    {
        var sink = new Recorder();
        var agent = New(sink);
        var remote = IceCredentials.Create(RandomSource.Seeded(9));
        var peer = VirtualNetwork.Address("192.0.2.2", 5000);
        agent.AddLocal(0, IceCandidate.Host(VirtualNetwork.Address("192.0.2.1", 5000), 1), TimeSpan.Zero);
        agent.SetRemote(remote, lite: false);
        agent.AddRemote(IceCandidate.Host(peer, 1), TimeSpan.Zero);
        Assert.Equal(StunParseResult.Ok, StunMessage.TryParse(Assert.Single(sink.Sent), out var check));
        var id = check.TransactionId.ToArray();

        byte[] Answer(string password, byte[] transactionId) => Sign(
            (ref StunWriter writer) => writer.WriteXorMappedAddress(VirtualNetwork.Address("192.0.2.1", 5000)),
            password,
            StunClass.SuccessResponse,
            transactionId);

        agent.HandleStun(0, peer, Answer("a wrong password, long enough", id), TimeSpan.Zero);
        Assert.Equal(1, agent.CountOf(IceStunResult.WrongIntegrity));
        agent.HandleStun(0, peer, Answer(remote.Password, new byte[12]), TimeSpan.Zero);
        Assert.Equal(1, agent.CountOf(IceStunResult.UnmatchedResponse));
        Assert.False(agent.IsConsented(0, peer));

        agent.HandleStun(0, peer, Answer(remote.Password, id), TimeSpan.Zero);
        Assert.True(agent.IsConsented(0, peer));

        // The same one again tells nothing new.
        agent.HandleStun(0, peer, Answer(remote.Password, id), TimeSpan.FromSeconds(1));
        Assert.Equal(2, agent.CountOf(IceStunResult.UnmatchedResponse));
    }

    [Fact]
    public void An_answer_from_elsewhere_fails_the_pair()
    {
        var sink = new Recorder();
        var agent = New(sink);
        var remote = IceCredentials.Create(RandomSource.Seeded(9));
        agent.AddLocal(0, IceCandidate.Host(VirtualNetwork.Address("192.0.2.1", 5000), 1), TimeSpan.Zero);
        agent.SetRemote(remote, lite: false);
        agent.AddRemote(IceCandidate.Host(VirtualNetwork.Address("192.0.2.2", 5000), 1), TimeSpan.Zero);
        agent.EndOfRemoteCandidates(TimeSpan.Zero);
        StunMessage.TryParse(Assert.Single(sink.Sent), out var check);
        var answer = Sign(
            (ref StunWriter writer) => writer.WriteXorMappedAddress(Stranger),
            remote.Password,
            StunClass.SuccessResponse,
            check.TransactionId.ToArray());
        agent.HandleStun(0, Stranger, answer, TimeSpan.Zero);
        Assert.False(agent.IsConsented(0, Stranger));
        agent.HandleTimeout(TimeSpan.FromSeconds(20));
        Assert.Equal(IceAgentStateReason.AllPairsFailed, agent.StateReason);
        Assert.Single(sink.Sent);
    }

    [Fact]
    public void Unknown_attributes_that_must_be_understood_are_refused()
    {
        var sink = new Recorder();
        var agent = New(sink);
        agent.AddLocal(0, IceCandidate.Host(VirtualNetwork.Address("192.0.2.1", 5000), 1), TimeSpan.Zero);
        var request = Sign(
            (ref StunWriter writer) =>
            {
                writer.WriteUsername(Encoding.UTF8.GetBytes(agent.Local.Ufrag + ":peer"));
                writer.Write((StunAttribute)0x7ABC, []);
            },
            agent.Local.Password);
        agent.HandleStun(0, Stranger, request, TimeSpan.Zero);
        StunMessage.TryParse(Assert.Single(sink.Sent), out var answer);
        Assert.Equal(420, answer.ErrorCode);
    }

    [Fact]
    public void A_peer_with_endless_candidates_and_addresses_is_bounded()
    {
        var pair = IcePair.Direct().Connect();
        var agent = pair.Offerer.Agent;
        var taken = 0;
        for (var i = 0; i < 1000; i++)
        {
            var candidate = IceCandidate.Host(TransportAddress.FromIPv4(0x0A000000 + (uint)i, 9000), 7);
            taken += agent.AddRemote(candidate, pair.Network.Now) ? 1 : 0;
        }

        Assert.InRange(taken, 1, 64);

        // The peer itself checks from a thousand ports; each check is answered, few are checked back.
        var before = pair.Network.Now;
        pair.Offerer.Sent.Clear();
        for (var i = 0; i < 1000; i++)
        {
            var request = Request(pair, (ref StunWriter writer) =>
            {
                writer.WriteUsername(Username(pair));
                writer.WritePriority(uint.MaxValue);
                writer.WriteIceControlled(1);
            });
            agent.HandleStun(0, TransportAddress.FromIPv4(0xC6336442, (ushort)(1000 + i)), request, pair.Network.Now);
        }

        pair.Network.RunFor(3);
        Assert.InRange(pair.Offerer.Sent.Count(sent => sent.IsRequest), 0, 70);
        Assert.Equal(before + TimeSpan.FromSeconds(3), pair.Network.Now);
        Assert.True(pair.BothConnected);
    }

    [Fact]
    public void A_peer_on_the_move_is_still_learnt_after_many_places()
    {
        var pair = IcePair.Direct().Connect();
        for (var i = 0; i < 200; i++)
        {
            pair.Answerer.Socket(i).IsUp = false;
            pair.Answerer.Agent.RemoveLocal(i, pair.Network.Now);
            pair.Answerer.AddHost(i + 1, $"198.18.{i / 200}.{i % 200}");
            Assert.True(pair.Network.RunFor(9, () => pair.BothConnected), $"{i}");
        }
    }

    [Theory]
    [InlineData("0.0.0.0", 1)]
    [InlineData("255.255.255.255", 1)]
    [InlineData("224.0.0.1", 1)]
    [InlineData("ff02::1", 1)]
    [InlineData("::", 1)]
    [InlineData("192.0.2.1", 0)]
    public void Candidates_where_no_peer_can_be_are_ignored(string address, int port)
    {
        var agent = New(new Recorder());
        Assert.False(agent.AddRemote(IceCandidate.Host(VirtualNetwork.Address(address, port), 1), TimeSpan.Zero));
    }

    [Fact]
    public void Early_checks_are_bounded()
    {
        var sink = new Recorder();
        var agent = New(sink);
        agent.AddLocal(0, IceCandidate.Host(VirtualNetwork.Address("192.0.2.1", 5000), 1), TimeSpan.Zero);
        for (var i = 0; i < 100; i++)
        {
            var request = Sign(
                (ref StunWriter writer) => writer.WriteUsername(Encoding.UTF8.GetBytes(agent.Local.Ufrag + ":peer")), agent.Local.Password);
            agent.HandleStun(0, TransportAddress.FromIPv4(0x0A000001, (ushort)(1 + i)), request, TimeSpan.Zero);
        }

        Assert.Equal(100, sink.Sent.Count);
        sink.Sent.Clear();
        agent.SetRemote(IceCredentials.Create(RandomSource.Seeded(8)), lite: false);
        for (var i = 0; i < 100; i++)
        {
            agent.HandleTimeout(TimeSpan.FromMilliseconds(4 * i));
        }

        Assert.InRange(sink.Sent.Count, 1, 16);
    }

    [Fact]
    public void Wrong_options_are_refused()
    {
        static void Make(IceAgentOptions options) =>
            _ = new IceAgent(
                IceRole.Controlled,
                IceCredentials.Create(RandomSource.Seeded(1)),
                new Recorder(),
                RandomSource.Seeded(1),
                TimeSpan.Zero,
                options);

        Make(new IceAgentOptions { Pacing = TimeSpan.FromMilliseconds(5) });
        Assert.Throws<ArgumentOutOfRangeException>(() => Make(new IceAgentOptions { Pacing = TimeSpan.FromMilliseconds(4) }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Make(new IceAgentOptions { ConsentInterval = TimeSpan.FromSeconds(4) }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Make(new IceAgentOptions { Transmissions = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Make(new IceAgentOptions { DisconnectedAfter = TimeSpan.FromSeconds(6) }));
    }

    private static IceAgent New(Recorder sink) =>
        new(IceRole.Controlling, IceCredentials.Create(RandomSource.Seeded(4)), sink, RandomSource.Seeded(5), TimeSpan.Zero);

    private static byte[] Username(IcePair pair) =>
        Encoding.UTF8.GetBytes($"{pair.Offerer.Agent.Local.Ufrag}:{pair.Answerer.Agent.Local.Ufrag}");

    private static byte[] Request(IcePair pair, Fill fill, string? password = null) =>
        Sign(fill, password ?? pair.Offerer.Agent.Local.Password);

    private static byte[] Sign(Fill fill, string password, StunClass messageClass = StunClass.Request, byte[]? id = null)
    {
        var writer = new StunWriter(new byte[1024], messageClass, StunMethod.Binding, id ?? new byte[12]);
        fill(ref writer);
        writer.WriteIntegrity(Encoding.UTF8.GetBytes(password));
        writer.WriteFingerprint();
        return writer.Written.ToArray();
    }

    private sealed class Recorder : IIceSink
    {
        public List<byte[]> Sent { get; } = [];

        public void Send(int local, TransportAddress to, ReadOnlySpan<byte> datagram) => Sent.Add(datagram.ToArray());
    }
}
