using System.Net;
using Parley.Media.Ice;

namespace Parley.Media.Tests.Ice;

public sealed class IceCandidateTests
{
    [Fact]
    public void The_priority_is_that_of_RFC_8445()
    {
        // §5.1.2.1, and the value every browser gives its first host candidate.
        Assert.Equal(2130706431u, IceCandidate.ComputePriority(126, 65535, 1));
        Assert.Equal(1u, IceCandidate.ComputePriority(0, 0, 255));
        Assert.Throws<ArgumentOutOfRangeException>(() => IceCandidate.ComputePriority(127, 0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => IceCandidate.ComputePriority(0, 65536, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => IceCandidate.ComputePriority(0, 0, 0));
    }

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1")]
    [InlineData("2001:db8::1", "2001:db8::1")]
    public void A_host_candidate_is_written_for_SDP(string address, string written)
    {
        var candidate = IceCandidate.Host(TransportAddress.From(new IPEndPoint(IPAddress.Parse(address), 7000)), 65535);
        Assert.Equal($"{candidate.Foundation} 1 udp 2130706431 {written} 7000 typ host", candidate.ToSdpValue());
        Assert.Matches("^[0-9]{1,32}$", candidate.Foundation);
    }

    [Fact]
    public void The_foundation_follows_the_address_and_not_the_port()
    {
        static string Foundation(uint address, ushort port) =>
            IceCandidate.Host(TransportAddress.FromIPv4(address, port), 1).Foundation;

        Assert.Equal(Foundation(1, 1), Foundation(1, 2));
        Assert.NotEqual(Foundation(1, 1), Foundation(2, 1));
    }

    [Fact]
    public void A_passive_candidate_over_TCP_is_written_for_SDP_and_comes_after_all_over_UDP()
    {
        var address = TransportAddress.FromIPv4(0xC0000201, 7000);
        var candidate = IceCandidate.TcpPassive(address, 8191);

        // RFC 6544 §4.2: 2^24 × 90 + 2^8 × (2^13 × 4 + 8191) + 255.
        Assert.Equal(((90u << 24) | (0x9FFFu << 8) | 255u), candidate.Priority);
        Assert.Equal($"{candidate.Foundation} 1 tcp {candidate.Priority} 192.0.2.1 7000 typ host tcptype passive", candidate.ToSdpValue());
        Assert.NotEqual(IceCandidate.Host(address, 1).Foundation, candidate.Foundation);
        Assert.True(candidate.Priority < IceCandidate.ServerReflexive(address, address, address, 0).Priority);
        Assert.Throws<ArgumentOutOfRangeException>(() => IceCandidate.TcpPassive(address, 8192));

        // Our own clients speak UDP only, and pass it over.
        Assert.False(IceCandidate.TryParse(candidate.ToSdpValue(), out _, out var result));
        Assert.Equal(IceCandidateParseResult.Unsupported, result);
    }
}
