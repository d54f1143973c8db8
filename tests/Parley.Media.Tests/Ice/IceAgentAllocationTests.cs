using Parley.Media.Ice;

namespace Parley.Media.Tests.Ice;

public sealed class IceAgentAllocationTests
{
    [Fact]
    public void A_consent_round_allocates_nothing()
    {
        var ends = new[] { new End(), new End() };
        var agents = new IceAgent[2];
        for (var i = 0; i < 2; i++)
        {
            var role = i == 0 ? IceRole.Controlling : IceRole.Controlled;
            agents[i] = new IceAgent(role, IceCredentials.Create(RandomSource.System), ends[i], RandomSource.System, TimeSpan.Zero);
            ends[i].Address = TransportAddress.FromIPv4(0xC0000201 + (uint)i, 5000);
            agents[i].AddLocal(0, IceCandidate.Host(ends[i].Address, 1), TimeSpan.Zero);
        }

        for (var i = 0; i < 2; i++)
        {
            agents[i].SetRemote(agents[1 - i].Local, lite: false);
            agents[i].AddRemote(agents[1 - i].LocalCandidates[0], TimeSpan.Zero);
            agents[i].EndOfRemoteCandidates(TimeSpan.Zero);
        }

        var now = TimeSpan.Zero;
        Pass(ref now, 1000);
        Assert.All(agents, agent => Assert.Equal(IceAgentState.Connected, agent.State));
        var answered = agents[0].CountOf(IceStunResult.RequestAnswered);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Pass(ref now, 10_000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.True(agents[0].CountOf(IceStunResult.RequestAnswered) > answered + 100);
        Assert.All(agents, agent => Assert.Equal(IceAgentState.Connected, agent.State));

        void Pass(ref TimeSpan now, int steps)
        {
            for (var step = 0; step < steps; step++)
            {
                now += TimeSpan.FromMilliseconds(100);
                for (var i = 0; i < 2; i++)
                {
                    agents[i].HandleTimeout(now);
                    while (ends[i].TryTake(out var datagram))
                    {
                        agents[1 - i].HandleStun(0, ends[i].Address, datagram, now);
                        agents[1 - i].IsConsented(0, ends[i].Address);
                    }
                }
            }
        }
    }

    /// <summary>A few datagrams in memory that is there already.</summary>
    private sealed class End : IIceSink
    {
        private readonly byte[][] _ring = [.. Enumerable.Range(0, 8).Select(_ => new byte[1024])];
        private readonly int[] _lengths = new int[8];
        private int _first;
        private int _count;

        public TransportAddress Address { get; set; }

        public void Send(int local, TransportAddress to, ReadOnlySpan<byte> datagram)
        {
            var at = (_first + _count++) % _ring.Length;
            datagram.CopyTo(_ring[at]);
            _lengths[at] = datagram.Length;
        }

        public bool TryTake(out ReadOnlySpan<byte> datagram)
        {
            datagram = default;
            if (_count == 0)
            {
                return false;
            }

            datagram = _ring[_first].AsSpan(0, _lengths[_first]);
            _first = (_first + 1) % _ring.Length;
            _count--;
            return true;
        }
    }
}
