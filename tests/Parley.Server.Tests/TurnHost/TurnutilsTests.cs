using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Parley.Media.Turn;

namespace Parley.Server.Tests.TurnHost;

/// <summary>coturn's client against our server, over the loopback interface.</summary>
public sealed class TurnutilsTests
{
    public static TheoryData<string> Transports => ["", "-t", "-t -S"];

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task Clients_meet_at_their_relays_and_lose_nothing(string transport)
    {
        using var stage = await new TurnStage(tls: true).StartAsync();
        var (sent, received, lost, output) = await Turnutils.ClientAsync(
            [.. Arguments(stage, transport), "-y", "-c", "-m", "4", "-n", "200", "-z", "10", "-l", "171", "127.0.0.1"]);
        Assert.True((sent, received, lost) == (800, 800, 0), output);
        Assert.Equal(0, stage.Plane.Counters!.Refused(TurnRefusal.ForbiddenPeer));
        Assert.Equal(800 * 171, stage.Plane.Counters.BytesToClients);
    }

    [Fact]
    public async Task Indications_arrive_like_channel_data()
    {
        using var stage = await new TurnStage(tls: true).StartAsync();
        var (sent, received, lost, output) = await Turnutils.ClientAsync(
            [.. Arguments(stage, "-t -S"), "-y", "-c", "-s", "-m", "2", "-n", "100", "-z", "10", "127.0.0.1"]);
        Assert.True((sent, received, lost) == (200, 200, 0), output);
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task A_peer_outside_is_reached_through_the_relay_port(string transport)
    {
        using var free = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var port = ((IPEndPoint)free.Client.LocalEndPoint!).Port;
        free.Close();
        using var peer = Turnutils.Peer(port);
        try
        {
            using var stage = await new TurnStage(options => options.Turn.AllowPrivatePeers = true, tls: true).StartAsync();
            var (sent, received, lost, output) = await Turnutils.ClientAsync(
                [.. Arguments(stage, transport), "-c", "-m", "2", "-n", "100", "-z", "10", "-e", "127.0.0.1", "-r", $"{port}", "127.0.0.1"]);
            Assert.True((sent, received, lost) == (200, 200, 0), output);
        }
        finally
        {
            peer.Kill();
        }
    }

    [Fact]
    public async Task A_secret_that_was_given_serves_who_has_it()
    {
        using var stage = await new TurnStage(options => options.Turn.Secret = "north-north-north-north").StartAsync();
        string[] common = ["-p", $"{stage.Plane.Port}", "-y", "-c", "-n", "10", "-m", "2"];
        var (_, received, lost, output) = await Turnutils.ClientAsync([.. common, "-u", "ada", "-W", "north-north-north-north", "127.0.0.1"]);
        Assert.True((received, lost) == (20, 0), output);
        Assert.True(stage.Plane.Counters!.Refused(TurnRefusal.Unauthorized) == 0, output);
    }

    private static string[] Arguments(TurnStage stage, string transport)
    {
        var port = transport.Contains("-S", StringComparison.Ordinal) ? stage.Plane.TlsPort : stage.Plane.Port;
        return
        [
            .. transport.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            "-p", port.ToString(CultureInfo.InvariantCulture), "-u", stage.Server.Username!, "-w", stage.Server.Credential!,
        ];
    }
}
