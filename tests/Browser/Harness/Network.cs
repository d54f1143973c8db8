using System.Diagnostics;
using System.Globalization;

namespace Parley.Browser.Harness;

/// <summary>
/// Houses with a firewall of their own around one server: each is a network namespace with its own address, and all traffic between
/// them and to this machine passes a router namespace, where packets can be dropped. Needs root and nftables.
/// </summary>
internal sealed class Network : IAsyncDisposable
{
    private static int s_count;

    private readonly string _prefix = $"py{Environment.ProcessId % 10_000:0000}{Interlocked.Increment(ref s_count)}";
    private readonly List<House> _houses = [];

    private Network()
    {
    }

    /// <summary>Why there can be none here, or null.</summary>
    public static string? Lacks =>
        Environment.UserName != "root" ? "network namespaces need root"
        : !File.Exists("/usr/sbin/nft") ? "nftables is not installed"
        : null;

    /// <summary>Why no house can have a narrow link, or null.</summary>
    public static string? LacksNarrow => Lacks ?? (File.Exists("/dev/net/tun") ? null : "there are no TUN devices");

    /// <summary>This machine as the houses see it: where the server is.</summary>
    public const string Server = "10.77.0.1";

    private string Router => $"{_prefix}r";

    public static async Task<Network> BuildAsync(params string[] houses)
    {
        var network = new Network();
        try
        {
            await network.BuildRouter();
            foreach (var (index, name) in houses.Index()) network._houses.Add(await network.BuildHouse(name, index + 1));
            return network;
        }
        catch
        {
            await network.DisposeAsync();
            throw;
        }
    }

    public House this[string name] => _houses.Single(house => house.Name == name);

    /// <summary>From now on nothing passes between two houses; both still reach the server.</summary>
    public Task Separate(House one, House other) => Rules(
        $"add rule inet wall forward ip saddr {one.Subnet} ip daddr {other.Subnet} drop",
        $"add rule inet wall forward ip saddr {other.Subnet} ip daddr {one.Subnet} drop");

    /// <summary>From now on no UDP leaves or reaches a house.</summary>
    public Task BlockUdp(House house) => Rules(
        $"add rule inet wall forward ip saddr {house.Subnet} meta l4proto udp drop",
        $"add rule inet wall forward ip daddr {house.Subnet} meta l4proto udp drop");

    /// <summary>From now on a house reaches nothing of the server but its pages and signalling.</summary>
    public Task LeaveOnlyWeb(House house, int port) => Rules(
        $"add rule inet wall forward ip saddr {house.Subnet} ip daddr {Server} meta l4proto udp drop",
        $"add rule inet wall forward ip saddr {house.Subnet} ip daddr {Server} tcp dport != {port} drop");

    /// <summary>Gives a house another address in place of the one it has.</summary>
    public async Task Move(House house)
    {
        var (before, after) = (house.Address, $"10.77.{house.Number}.{house.Host + 1}");
        // A machine that walks from one network into another: for a moment it has none.
        await Ip($"-n {house.Namespace} addr del {before}/24 dev eth0");
        await Ip($"-n {house.Namespace} addr add {after}/24 dev eth0");
        await Ip($"-n {house.Namespace} route add default via 10.77.{house.Number}.1");
        house.Host++;
    }

    /// <summary>Gives a house a link of these conditions to the router in place of the one it has: a line that is narrow, long or lossy.</summary>
    public async Task<NarrowLink> Narrow(House house, PathConditions conditions)
    {
        var (near, far) = ($"{_prefix}n{house.Number}", $"{_prefix}f{house.Number}");
        await Ip($"-n {Router} link del d{house.Number}");
        house.Link = new NarrowLink(near, far, conditions);
        await Ip($"link set {near} netns {house.Namespace} name eth0");
        await Ip($"link set {far} netns {Router} name d{house.Number}");
        await Connect(house);
        return house.Link;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var house in _houses)
        {
            if (house.Browser is not null) await house.Browser.CloseAsync();
            house.Playwright?.Dispose();
            house.Link?.Dispose();
            await Try("ip", $"netns del {house.Namespace}");
            if (house.Launcher is not null) File.Delete(house.Launcher);
        }

        await Try("ip", $"link del {_prefix}h");
        await Try("ip", $"netns del {Router}");
    }

    private async Task BuildRouter()
    {
        await Ip($"netns add {Router}");
        await Ip($"link add {_prefix}h type veth peer name north netns {Router}");
        await Ip($"addr add {Server}/24 dev {_prefix}h");
        await Ip($"link set {_prefix}h up");
        await Ip($"route add 10.77.0.0/16 via 10.77.0.2");
        await Ip($"-n {Router} addr add 10.77.0.2/24 dev north");
        await Ip($"-n {Router} link set north up");
        await Ip($"-n {Router} link set lo up");
        await Run("ip", $"netns exec {Router} sysctl -qw net.ipv4.ip_forward=1");
        await Rules("add table inet wall", "add chain inet wall forward { type filter hook forward priority 0 ; }");
    }

    private async Task<House> BuildHouse(string name, int number)
    {
        var house = new House(name, number, $"{_prefix}{number}");
        await Ip($"netns add {house.Namespace}");
        await Ip($"link add d{number} netns {Router} type veth peer name eth0 netns {house.Namespace}");
        await Ip($"-n {house.Namespace} link set lo up");
        await Connect(house);
        return house;
    }

    /// <summary>Addresses and routes of both ends of a house's link.</summary>
    private async Task Connect(House house)
    {
        var number = house.Number;
        await Ip($"-n {Router} addr add 10.77.{number}.1/24 dev d{number}");
        await Ip($"-n {Router} link set d{number} up");
        await Ip($"-n {house.Namespace} addr add {house.Address}/24 dev eth0");
        await Ip($"-n {house.Namespace} link set eth0 up");
        await Ip($"-n {house.Namespace} route add default via 10.77.{number}.1");
    }

    private Task Rules(params string[] rules) => Run("ip", $"netns exec {Router} nft {string.Join(" ; ", rules)}");

    private static Task Ip(string arguments) => Run("ip", arguments);

    private static async Task Try(string command, string arguments)
    {
        try
        {
            await Run(command, arguments);
        }
        catch (InvalidOperationException)
        {
            // It was not there.
        }
    }

    private static async Task Run(string command, string arguments)
    {
        var start = new ProcessStartInfo(command) { RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var argument in arguments.Split(' ')) start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"{command} {arguments}: {error}"));
    }
}
