using CsCheck;
using Parley.Media.Ice;

namespace Parley.Media.Tests.Ice;

public sealed class IceCandidateParserTests
{
    private static readonly string[] Words =
        ["1", "udp", "tcp", "typ", "host", "srflx", "raddr", "rport", "::1", "1.2.3.4", "0", "ufrag", "x.local", "%", ""];

    public static TheoryData<string> Lines =>
    [
        .. File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Ice", "fixtures", "candidates.txt"))
            .Where(line => line.Length > 0 && line[0] != '#'),
    ];

    /// <summary>Each line of the fixture: what is expected, a tab, the line as the browser gives it.</summary>
    [Theory]
    [MemberData(nameof(Lines))]
    public void Browsers_lines_are_read(string line)
    {
        var parts = line.Split('\t');
        var read = IceCandidate.TryParse(parts[1], out var candidate, out var result)
            ? $"{candidate.Type} {candidate.Address}"
            : result.ToString();
        Assert.Equal(parts[0], read);
    }

    [Fact]
    public void All_that_counts_is_kept()
    {
        Assert.True(IceCandidate.TryParse(
            "candidate:842163049 1 udp 1677729535 203.0.113.4 50310 typ srflx raddr 10.0.0.1 rport 5000 generation 0 ufrag xxyy network-cost 999",
            out var candidate,
            out var result));
        Assert.Equal(IceCandidateParseResult.Ok, result);
        Assert.Equal(
            new IceCandidate(
                IceCandidateType.ServerReflexive,
                "842163049",
                1,
                1677729535,
                VirtualNetwork.Address("203.0.113.4", 50310),
                VirtualNetwork.Address("10.0.0.1", 5000))
            {
                Ufrag = "xxyy",
            },
            candidate);
    }

    [Theory]
    [InlineData("")]
    [InlineData("candidate:")]
    [InlineData("1 1 udp 1 192.0.2.1 5000")]
    [InlineData("1 1 udp 1 192.0.2.1 5000 typ")]
    [InlineData("1 1 udp 1 192.0.2.1 5000 type host")]
    [InlineData("1  1 udp 1 192.0.2.1 5000 typ host")]
    [InlineData("1\t1 udp 1 192.0.2.1 5000 typ host")]
    [InlineData("_ 1 udp 1 192.0.2.1 5000 typ host")]
    [InlineData("123456789012345678901234567890123 1 udp 1 192.0.2.1 5000 typ host")]
    [InlineData("1 0 udp 1 192.0.2.1 5000 typ host")]
    [InlineData("1 257 udp 1 192.0.2.1 5000 typ host")]
    [InlineData("1 -1 udp 1 192.0.2.1 5000 typ host")]
    [InlineData("1 1 udp 0 192.0.2.1 5000 typ host")]
    [InlineData("1 1 udp 2147483648 192.0.2.1 5000 typ host")]
    [InlineData("1 1 udp 99999999999 192.0.2.1 5000 typ host")]
    [InlineData("1 1 udp 1 192.0.2 5000 typ host")]
    [InlineData("1 1 udp 1 192.0.2.256 5000 typ host")]
    [InlineData("1 1 udp 1 192.0.2.01 5000 typ host")]
    [InlineData("1 1 udp 1 3221225985 5000 typ host")]
    [InlineData("1 1 udp 1 [2001:db8::1] 5000 typ host")]
    [InlineData("1 1 udp 1 2001:db8::1::2 5000 typ host")]
    [InlineData("1 1 udp 1 192.0.2.1 65536 typ host")]
    [InlineData("1 1 udp 1 192.0.2.1 5000 typ srflx raddr")]
    [InlineData("1 1 udp 1 192.0.2.1 5000 typ srflx raddr 1.2.3 rport 1")]
    [InlineData("1 1 udp 1 192.0.2.1 5000 typ srflx raddr 1.2.3.4 rport 70000")]
    [InlineData("1 1 udp 1 192.0.2.1 5000 typ host generation")]
    [InlineData("1 1 udp 1 192.0.2.1 5000 typ host a b\0")]
    public void Lines_that_are_none_are_malformed(string line)
    {
        Assert.False(IceCandidate.TryParse(line, out _, out var result));
        Assert.Equal(IceCandidateParseResult.Malformed, result);
    }

    [Fact]
    public void A_line_that_is_too_long_is_malformed() =>
        Assert.False(IceCandidate.TryParse("1 1 udp 1 192.0.2.1 5000 typ host" + string.Concat(Enumerable.Repeat(" a b", 300)), out _));

    [Fact]
    public void What_is_written_reads_the_same() =>
        Gen.Select(
            Gen.Enum<IceCandidateType>(), Gen.UInt[1, int.MaxValue], Gen.ULong, Gen.ULong, Gen.UShort[1, ushort.MaxValue], Gen.Bool).Sample(
            (type, priority, high, low, port, v4) =>
            {
                var address = v4 ? TransportAddress.FromIPv4((uint)high, port) : new TransportAddress(new UInt128(high, low), port);
                TransportAddress? related = type == IceCandidateType.Host || (low & 1) == 0
                    ? null
                    : TransportAddress.FromIPv4((uint)low, port);
                var candidate = new IceCandidate(type, "a+/9", 1, priority, address, related);
                Assert.True(IceCandidate.TryParse(candidate.ToSdpValue(), out var again, out _), candidate.ToSdpValue());
                Assert.Equal(candidate, again);
            });

    [Fact]
    public void No_text_is_too_much() =>
        Gen.OneOf(
            Gen.String,
            Gen.Int[0, Words.Length - 1].Select(at => Words[at])
                .Array[0, 14].Select(words => string.Join(' ', words))).Sample(text =>
            {
                var parsed = IceCandidate.TryParse(text, out var candidate, out var result);
                Assert.Equal(parsed, result == IceCandidateParseResult.Ok);
                Assert.Equal(parsed, candidate is not null);
            });

    [Fact]
    public void Candidates_of_our_own_differ_in_foundation_by_type_base_and_server()
    {
        var (a, b, c) = (Address(1), Address(2), Address(3));
        string[] foundations =
        [
            IceCandidate.Host(a, 1).Foundation,
            IceCandidate.ServerReflexive(c, a, b, 1).Foundation,
            IceCandidate.ServerReflexive(c, b, a, 1).Foundation,
            IceCandidate.ServerReflexive(c, a, c, 1).Foundation,
            IceCandidate.Relayed(a, c, b, 1).Foundation,
        ];
        Assert.Equal(foundations.Length, foundations.Distinct().Count());
        Assert.Equal(IceCandidate.ServerReflexive(c, a, b, 1).Foundation, IceCandidate.ServerReflexive(a, a, b, 1).Foundation);
    }

    [Fact]
    public void Candidates_of_our_own_rank_host_reflexive_relayed()
    {
        var priorities = new[]
        {
            IceCandidate.Host(Address(1), 0).Priority,
            IceCandidate.ServerReflexive(Address(2), Address(1), Address(3), 65535).Priority,
            IceCandidate.Relayed(Address(2), Address(1), Address(3), 65535).Priority,
        };
        Assert.Equal(priorities.OrderDescending(), priorities);
        Assert.True(priorities[2] > 0);
    }

    [Fact]
    public void Whoever_hides_the_related_address_writes_zeros()
    {
        var candidate = new IceCandidate(IceCandidateType.Relayed, "1", 1, 2, VirtualNetwork.Address("2001:db8::1", 3));
        Assert.Equal("1 1 udp 2 2001:db8::1 3 typ relay raddr :: rport 0", candidate.ToSdpValue());
    }

    private static TransportAddress Address(uint address) => TransportAddress.FromIPv4(address, 5000);
}
