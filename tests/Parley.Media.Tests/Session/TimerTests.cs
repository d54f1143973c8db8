using Parley.Media.Session;

namespace Parley.Media.Tests.Session;

public sealed class TimerTests
{
    [Fact]
    public void A_fault_in_one_connection_takes_no_report_from_the_others()
    {
        var engine = new TestEngine();
        var room = engine.Engine.OpenRoom();
        TestPeer[] peers = [new(engine, room, 1), new(engine, room, 2), new(engine, room, 3)];
        foreach (var broken in peers)
        {
            engine.Broken = broken.Address;
            var faults = 0;
            for (var i = 0; i < 30; i++)
            {
                engine.Sent.Clear();
                try
                {
                    engine.Run(TimeSpan.FromMilliseconds(100));
                }
                catch (InvalidOperationException)
                {
                    faults++;
                }

                if (faults > 0) break;
            }

            // In the very turn in which one failed, and none is left for later.
            Assert.Equal(1, faults);
            foreach (var other in peers.Where(peer => peer != broken)) Assert.NotEqual(0, engine.BytesTo(other.Address));
            Assert.True(engine.Engine.NextDeadline > engine.Now);
            engine.Broken = null;
            engine.Run(TimeSpan.FromSeconds(1));
        }
    }
}
