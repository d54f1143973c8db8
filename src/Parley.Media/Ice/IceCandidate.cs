using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Parley.Media.Ice;

/// <summary>A candidate over UDP (RFC 8445 §5.1), or a passive one over TCP, which the server offers and nobody here takes (RFC 6544).</summary>
/// <param name="Type">How the address was found.</param>
/// <param name="Foundation">Equal for candidates of equal type, base address and server, 1–32 ice-chars (RFC 8445 §5.1.1.3).</param>
/// <param name="Component">1: RTP and RTCP share it (RFC 8834 §4.5).</param>
/// <param name="Priority">1 to 2^31 − 1.</param>
/// <param name="Address">Where its owner is reached.</param>
/// <param name="RelatedAddress">
/// The base of a reflexive candidate, the mapped address of a relayed one (RFC 8839 §5.1); null for host candidates and when
/// its owner hides it. For diagnosis only.
/// </param>
public sealed record IceCandidate(
    IceCandidateType Type,
    string Foundation,
    int Component,
    uint Priority,
    TransportAddress Address,
    TransportAddress? RelatedAddress = null)
{
    /// <summary>The type preference of host candidates (RFC 8445 §5.1.2.2).</summary>
    public const int HostTypePreference = 126;

    /// <summary>The type preference of peer-reflexive candidates: above server-reflexive ones (RFC 8445 §5.1.2.2).</summary>
    public const int PeerReflexiveTypePreference = 110;

    /// <summary>The type preference of server-reflexive candidates.</summary>
    public const int ServerReflexiveTypePreference = 100;

    /// <summary>The type preference of relayed candidates: the last resort.</summary>
    public const int RelayedTypePreference = 0;

    /// <summary>
    /// The type preference of host candidates over TCP: below all of UDP but relays, for what waits for a lost packet comes late
    /// (RFC 6544 §4.2). Chromium's own are 90 too.
    /// </summary>
    public const int TcpHostTypePreference = 90;

    internal const int RtpComponent = 1;

    /// <summary>RFC 6544 §4.2: of host candidates active is 6, passive 4, simultaneous-open 2.</summary>
    private const int PassiveDirectionPreference = 4;

    private const uint MaxPriority = int.MaxValue;

    /// <summary>
    /// The <c>ufrag</c> extension (RFC 8838 §8): whose generation of credentials the candidate belongs to, or null when it does
    /// not say. Not written.
    /// </summary>
    public string? Ufrag { get; init; }

    /// <summary>Whether the other side connects to it by TCP (RFC 6544 §4.5: <c>tcptype passive</c>).</summary>
    public bool IsTcpPassive { get; init; }

    /// <summary>A host candidate.</summary>
    /// <param name="address">Where we are reached.</param>
    /// <param name="localPreference">0–65535, different for each address; higher is tried first.</param>
    public static IceCandidate Host(TransportAddress address, int localPreference) => new(
        IceCandidateType.Host,
        IceFoundation.Of(address),
        RtpComponent,
        ComputePriority(HostTypePreference, localPreference, RtpComponent),
        address);

    /// <summary>A host candidate that waits for TCP connections.</summary>
    /// <param name="address">Where we listen.</param>
    /// <param name="otherPreference">0–8191, different for each address; higher is tried first.</param>
    public static IceCandidate TcpPassive(TransportAddress address, int otherPreference)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)otherPreference, 8191u, nameof(otherPreference));
        var localPreference = (PassiveDirectionPreference << 13) | otherPreference;
        return new IceCandidate(
            IceCandidateType.Host,
            IceFoundation.OfTcp(address),
            RtpComponent,
            ComputePriority(TcpHostTypePreference, localPreference, RtpComponent),
            address)
        {
            IsTcpPassive = true,
        };
    }

    /// <summary>A candidate that a STUN server told us.</summary>
    /// <param name="mapped">How the server saw us.</param>
    /// <param name="baseAddress">From where we asked.</param>
    /// <param name="server">Whom we asked.</param>
    /// <param name="localPreference">0–65535, different for each base.</param>
    public static IceCandidate ServerReflexive(
        TransportAddress mapped, TransportAddress baseAddress, TransportAddress server, int localPreference) => new(
        IceCandidateType.ServerReflexive,
        IceFoundation.Of(IceCandidateType.ServerReflexive, baseAddress, server),
        RtpComponent,
        ComputePriority(ServerReflexiveTypePreference, localPreference, RtpComponent),
        mapped,
        baseAddress);

    /// <summary>A candidate on a TURN server.</summary>
    /// <param name="relayed">The address that the server allocated.</param>
    /// <param name="mapped">How the server saw us.</param>
    /// <param name="server">The server.</param>
    /// <param name="localPreference">0–65535, different for each relay.</param>
    public static IceCandidate Relayed(
        TransportAddress relayed, TransportAddress mapped, TransportAddress server, int localPreference) => new(
        IceCandidateType.Relayed,
        IceFoundation.Of(IceCandidateType.Relayed, relayed, server),
        RtpComponent,
        ComputePriority(RelayedTypePreference, localPreference, RtpComponent),
        relayed,
        mapped);

    /// <summary>The formula of RFC 8445 §5.1.2.1.</summary>
    /// <param name="typePreference">0–126.</param>
    /// <param name="localPreference">0–65535.</param>
    /// <param name="component">1–256.</param>
    public static uint ComputePriority(int typePreference, int localPreference, int component)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)typePreference, 126u, nameof(typePreference));
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)localPreference, 65535u, nameof(localPreference));
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)component - 1, 255u, nameof(component));
        return ((uint)typePreference << 24) | ((uint)localPreference << 8) | (uint)(256 - component);
    }

    /// <summary>Reads what a peer sent as a candidate; see <see cref="IceCandidateParser"/>.</summary>
    /// <param name="value">What follows <c>a=candidate:</c> in SDP; with or without <c>a=</c> and <c>candidate:</c>. Hostile.</param>
    /// <param name="candidate">The candidate when Ok.</param>
    /// <param name="result">Ok, Unsupported (well-formed, of no use to us: ignore it) or Malformed.</param>
    public static bool TryParse(
        ReadOnlySpan<char> value, [NotNullWhen(true)] out IceCandidate? candidate, out IceCandidateParseResult result)
    {
        result = IceCandidateParser.Parse(value, out candidate);
        return candidate is not null;
    }

    /// <inheritdoc cref="TryParse(ReadOnlySpan{char}, out IceCandidate?, out IceCandidateParseResult)"/>
    public static bool TryParse(ReadOnlySpan<char> value, [NotNullWhen(true)] out IceCandidate? candidate) =>
        TryParse(value, out candidate, out _);

    /// <summary>What follows <c>a=candidate:</c> in SDP (RFC 8839 §5.1, RFC 6544 §4.5; there the port is that of TCP).</summary>
    public string ToSdpValue()
    {
        var type = Type switch
        {
            IceCandidateType.Host => "host",
            IceCandidateType.ServerReflexive => "srflx",
            IceCandidateType.PeerReflexive => "prflx",
            _ => "relay",
        };
        var value = string.Create(
            CultureInfo.InvariantCulture,
            $"{Foundation} {Component} {(IsTcpPassive ? "tcp" : "udp")} {Priority} {Address.ToEndPoint().Address} {Address.Port} typ {type}");
        if (Type == IceCandidateType.Host)
        {
            return IsTcpPassive ? $"{value} tcptype passive" : value;
        }

        // All but host candidates must have it; whoever hides it writes zeros (RFC 8839 §5.1).
        var related = RelatedAddress?.ToEndPoint();
        return related is not null
            ? string.Create(CultureInfo.InvariantCulture, $"{value} raddr {related.Address} rport {related.Port}")
            : $"{value} raddr {(Address.IsIPv4 ? "0.0.0.0" : "::")} rport 0";
    }

    /// <summary>A peer-reflexive candidate (RFC 8445 §7.3.1.3, §7.2.5.3.1).</summary>
    internal static IceCandidate PeerReflexive(
        TransportAddress address, uint priority, string foundation, TransportAddress? related = null) => new(
        IceCandidateType.PeerReflexive, foundation, RtpComponent, Math.Clamp(priority, 1, MaxPriority), address, related);

    /// <summary>What PRIORITY says in checks from this candidate: its own, were it peer-reflexive (RFC 8445 §7.1.1).</summary>
    internal uint PeerReflexivePriority => ((uint)PeerReflexiveTypePreference << 24) | (Priority & 0xFFFFFF);
}
