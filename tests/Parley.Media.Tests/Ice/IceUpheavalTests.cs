using CsCheck;
using Parley.Media.Ice;

namespace Parley.Media.Tests.Ice;

/// <summary>Networks die and come back, lose and delay, and either side restarts, in any order.</summary>
public sealed class IceUpheavalTests
{
    private enum Event
    {
        FirstPathDies,
        SecondPathDies,
        BothDie,
        AllWell,
        Lossy,
        OffererRestarts,
        AnswererRestarts,
        AnswererRenumbers,
    }

    [Fact]
    public void However_it_went_both_end_on_one_path_or_a_restart_brings_them_there() =>
        Gen.Select(Gen.Int[1, 10_000], Gen.Select(Gen.Enum<Event>(), Gen.Int[0, 400]).Array[0, 12]).Sample((seed, events) =>
        {
            var pair = IcePair.TwoPaths(seed);
            var spare = 2;
            pair.Network.Jitter = TimeSpan.FromMilliseconds(seed % 100);
            pair.Signal();
            foreach (var (happens, tenths) in events)
            {
                switch (happens)
                {
                    case Event.OffererRestarts:
                        Restart(pair, pair.Offerer, pair.Answerer);
                        break;
                    case Event.AnswererRestarts:
                        Restart(pair, pair.Answerer, pair.Offerer);
                        break;
                    case Event.AnswererRenumbers:
                        pair.Answerer.Agent.RemoveLocal(1, pair.Network.Now);
                        pair.Answerer.AddHost(spare, $"203.0.113.{spare}", preference: 100);
                        spare++;
                        break;
                    default:
                        Happen(pair.Network, happens);
                        break;
                }

                pair.Network.RunFor(tenths / 10.0);
            }

            Happen(pair.Network, Event.AllWell);
            if (!pair.Network.RunFor(40, () => pair.BothConnected))
            {
                // Consent ran out meanwhile on one side, so it does on the other: now is the time for a restart.
                pair.Network.RunFor(40);
                Assert.Equal(IceAgentState.Failed, pair.Offerer.Agent.State);
                Assert.Equal(IceAgentState.Failed, pair.Answerer.Agent.State);
                Restart(pair, pair.Offerer, pair.Answerer);
                Assert.True(pair.Network.RunFor(10, () => pair.BothConnected));
            }

            pair.Network.RunFor(60);
            Assert.True(pair.BothConnected);
        });

    private static void Happen(VirtualNetwork network, Event happens)
    {
        network.Loss = happens == Event.Lossy ? 0.25 : 0;
        network.IsBlocked = (from, to) =>
            from.IPv4 >> 8 != to.IPv4 >> 8
            || happens switch
            {
                Event.FirstPathDies => from.IPv4 >> 24 == 192,
                Event.SecondPathDies => from.IPv4 >> 24 == 203,
                Event.BothDie => true,
                _ => false,
            };
    }

    /// <summary>Offer and answer with new credentials on both sides.</summary>
    private static void Restart(IcePair pair, VirtualPeer by, VirtualPeer other)
    {
        by.Agent.Restart(IceCredentials.Create(by.Random), pair.Network.Now);
        pair.Network.RunFor(0.05);
        other.Agent.Restart(IceCredentials.Create(other.Random), pair.Network.Now);
        other.Learn(by);
        pair.Network.RunFor(0.05);
        by.Learn(other);
    }
}
