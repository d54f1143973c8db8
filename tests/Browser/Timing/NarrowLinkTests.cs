using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Parley.Browser.Harness;

namespace Parley.Browser.Timing;

/// <summary>The narrow link itself, before anybody's picture is judged by it.</summary>
public sealed class NarrowLinkTests
{
    private const int Header = 28;

    [Fact]
    public async Task A_narrow_link_has_the_rate_the_queue_the_delay_and_the_loss_that_it_was_given()
    {
        Assert.SkipWhen(Network.LacksNarrow is not null, Network.LacksNarrow ?? "");
        await using var network = await Network.BuildAsync("ben");
        var link = await network.Narrow(network["ben"], new(300_000, TimeSpan.FromSeconds(1), TimeSpan.Zero));
        using var here = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        here.Bind(new IPEndPoint(IPAddress.Parse(Network.Server), 0));
        using var there = network["ben"].Udp();
        there.Bind(new IPEndPoint(IPAddress.Parse(network["ben"].Address), 0));

        // Four times what the queue holds, at once: 37 of 1,000 bytes wait for a second, and one is being sent.
        foreach (var (path, from, to) in new[] { (link.Up, there, here), (link.Down, here, there) })
        {
            var arrived = await Burst(from, to, 150, 1000);
            var rate = (arrived.Count - 1) * 8000 / (arrived[^1] - arrived[0]).TotalSeconds;
            Figures.Print(FormattableString.Invariant($"300 kb/s, queue 1 s: {arrived.Count} of 150 packets at {rate / 1000:0} kb/s"));
            Assert.InRange(arrived.Count, 34, 40);
            Assert.InRange(path.Overflowed, 110, 116);
            Assert.InRange(rate, 270_000, 330_000);
        }

        // Changed while it runs; each direction on its own.
        link.Up.Conditions = new(100_000_000, TimeSpan.FromSeconds(1), TimeSpan.FromMilliseconds(60));
        link.Down.Conditions = new(100_000_000, TimeSpan.FromSeconds(1), TimeSpan.FromMilliseconds(20));
        var trips = new List<double>();
        for (var i = 0; i < 20; i++)
        {
            var sent = Stopwatch.GetTimestamp();
            Assert.Single(await Burst(there, here, 1, 100));
            Assert.Single(await Burst(here, there, 1, 100));
            trips.Add(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
        }

        trips.Sort();
        Figures.Print(FormattableString.Invariant($"60 ms there and 20 back: {trips[0]:0.0} to {trips[^1]:0.0} ms, {trips[trips.Count / 2]:0.0} in the median"));
        Assert.All(trips, trip => Assert.True(trip >= 80));
        Assert.True(trips[trips.Count / 2] < 100);

        link.Down.Conditions = link.Down.Conditions with { Delay = TimeSpan.Zero, Loss = 0.1 };
        var got = 0;
        for (var i = 0; i < 3; i++) got += (await Burst(here, there, 200, 100)).Count;
        Figures.Print($"A tenth lost: {got} of 600 arrived");
        Assert.InRange(got, 505, 575);
    }

    /// <summary>Sends packets all at once, and tells when each that arrived did so.</summary>
    /// <param name="length">Of an IP packet.</param>
    private static async Task<List<TimeSpan>> Burst(Socket from, Socket to, int count, int length)
    {
        var packet = new byte[length - Header];
        for (var i = 0; i < count; i++) from.SendTo(packet, to.LocalEndPoint!);
        var arrived = new List<TimeSpan>();
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        try
        {
            while (arrived.Count < count)
            {
                silence.CancelAfter(TimeSpan.FromMilliseconds(500));
                await to.ReceiveAsync(packet.AsMemory(), silence.Token);
                arrived.Add(Stopwatch.GetElapsedTime(0));
            }
        }
        catch (OperationCanceledException) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
        {
            // What has not come is lost.
        }

        return arrived;
    }
}
