using System.Net;
using System.Net.Sockets;
using Parley.Client.Transport;

namespace Parley.Client.Tests.Transport;

public sealed class LocalAddressesTests
{
    [Fact]
    public void This_machines_can_be_bound()
    {
        var addresses = LocalAddresses.List();
        Assert.InRange(addresses.Count, 1, LocalAddresses.Max);
        Assert.All(addresses, address =>
        {
            using var socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            socket.Bind(new IPEndPoint(address, 0));
        });
        Assert.Contains(IPAddress.Loopback, LocalAddresses.List(loopback: true));
    }

    [Fact]
    public void Takes_the_families_in_turn_and_what_leads_out_first() => Assert.Equal(
        ["2001:db8::1", "192.0.2.1", "fd00::1", "172.17.0.1", "169.254.3.4"],
        Select(false, "172.17.0.1", "fd00::1", "169.254.3.4", "192.0.2.1>", "2001:db8::1>", "127.0.0.1", "::1"));

    [Fact]
    public void Loopback_comes_last_when_it_is_asked_for() => Assert.Equal(
        ["192.0.2.1", "192.0.2.2", "::1", "127.0.0.1"],
        Select(true, "127.0.0.1", "::1", "192.0.2.1>", "192.0.2.2"));

    [Fact]
    public void Loopback_counts_when_there_is_nothing_else() =>
        Assert.Equal(["::1", "127.0.0.1"], Select(false, "127.0.0.1", "::1", "fe80::1%2"));

    [Fact]
    public void Leaves_out_what_no_candidate_may_have() => Assert.Equal(
        ["192.0.2.1"],
        Select(
            false,
            "fe80::1%2", "ff02::1", "fec0::1", "2001:0:1::1", "::ffff:192.0.2.9", "::",
            "0.0.0.0", "224.0.0.1", "192.0.2.1", "192.0.2.1"));

    [Fact]
    public void Lists_at_most_eight() => Assert.Equal(
        LocalAddresses.Max, Select(false, [.. Enumerable.Range(1, 30).Select(number => $"192.0.2.{number}")]).Count());

    /// <summary>An address that ends in &gt; has a way out.</summary>
    private static IEnumerable<string> Select(bool loopback, params string[] addresses) => LocalAddresses
        .Select(addresses.Select(Candidate), loopback)
        .Select(address => address.ToString());

    private static LocalAddresses.Candidate Candidate(string text) => new(IPAddress.Parse(text.TrimEnd('>')), text.EndsWith('>'));
}
