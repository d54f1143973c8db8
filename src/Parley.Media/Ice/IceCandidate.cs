using System.Globalization;

namespace Parley.Media.Ice;

/// <summary>A host candidate over UDP: a lite agent has no others (RFC 8445 §5.2).</summary>
/// <param name="Foundation">Equal for candidates of equal address, 1–32 ice-chars (RFC 8445 §5.1.1.3).</param>
/// <param name="Component">1: RTP and RTCP share it (RFC 8834 §4.5).</param>
/// <param name="Priority">1 to 2^31 − 1.</param>
/// <param name="Address">Where we are reached.</param>
public sealed record IceCandidate(string Foundation, int Component, uint Priority, TransportAddress Address)
{
    /// <summary>The type preference of host candidates (RFC 8445 §5.1.2.2).</summary>
    public const int HostTypePreference = 126;

    private const int RtpComponent = 1;

    /// <summary>A host candidate.</summary>
    /// <param name="address">Where we are reached.</param>
    /// <param name="localPreference">0–65535, different for each address; higher is tried first.</param>
    public static IceCandidate Host(TransportAddress address, int localPreference) => new(
        FoundationOf(address),
        RtpComponent,
        ComputePriority(HostTypePreference, localPreference, RtpComponent),
        address);

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

    /// <summary>What follows <c>a=candidate:</c> in SDP (RFC 8839 §5.1).</summary>
    public string ToSdpValue() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Foundation} {Component} udp {Priority} {Address.ToEndPoint().Address} {Address.Port} typ host");

    /// <summary>A number that depends on the address without its port: FNV-1a, 32 bits.</summary>
    private static string FoundationOf(TransportAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.WriteIPv6(bytes);
        var hash = 2166136261u;
        foreach (var octet in bytes)
        {
            hash = (hash ^ octet) * 16777619;
        }

        return hash.ToString(CultureInfo.InvariantCulture);
    }
}
