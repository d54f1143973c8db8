using Parley.Media.Forwarding;
using Parley.Scenarios.World;

namespace Parley.Scenarios;

/// <summary>The machine has too much to do: all get smaller pictures, nobody is lost, and calm brings the large ones back.</summary>
public sealed class OverloadTakesPicturesNotPeople
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void And_says_so(int seed)
    {
        var server = new VirtualServer(seed);
        var room = server.OpenRoom();
        var sender = server.Join(room, LinkQuality.Clean, Equipment.Browser);
        var viewers = Enumerable.Range(0, 2).Select(_ => server.Join(room, LinkQuality.Clean, Equipment.Browser)).ToList();
        foreach (var viewer in viewers) viewer.Watch(Person.Wish(0, sender, 720));
        server.Run(TimeSpan.FromSeconds(8));

        Be(0.95, seconds: 6);
        var busy = server.Time.Now;
        Be(0.8, seconds: 4);
        foreach (var view in viewers.Select(viewer => viewer.View(0)))
        {
            Assert.All(view.FramesBetween(busy, server.Time.Now), frame => Assert.Equal(0, frame.Encoding));
            Assert.Equal((SlotLevel.Reduced, SlotLimit.Overload), (view.Qualities[^1].Level, view.Qualities[^1].Limit));
            Assert.True(view.FreezeBetween(busy - TimeSpan.FromSeconds(6), server.Time.Now) < TimeSpan.FromMilliseconds(200));
        }

        Be(0.3, seconds: 25);
        foreach (var view in viewers.Select(viewer => viewer.View(0)))
        {
            Assert.Equal(2, view.Frames[^1].Mark.Encoding);
            Assert.Equal(SlotLevel.Full, view.Qualities[^1].Level);
            Assert.True(view.FreezeBetween(busy, server.Time.Now) < TimeSpan.FromMilliseconds(200));
        }

        Assert.DoesNotContain(server.States, told => told.State != Parley.Media.Ice.IceState.Connected);

        void Be(double busy, int seconds)
        {
            for (var i = 0; i < seconds; i++)
            {
                server.Engine.SetBusy(busy, server.Time.Now);
                server.Run(TimeSpan.FromSeconds(1));
            }
        }
    }
}
