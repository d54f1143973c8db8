namespace Parley.Media.Turn;

/// <summary>
/// Whom the server relays to. Who may relay is inside our network as far as peers can tell, so by default only addresses of the
/// Internet at large are peers, and our own media (RFC 8656 §21.1.6 and the registries of RFC 6890). Relayed addresses of living
/// allocations are no business of this class: what goes to them never leaves the server.
/// </summary>
internal sealed class PeerPolicy(TurnServerOptions options)
{
    private readonly TransportAddress[] _media = [.. options.MediaAddresses];
    private readonly UInt128[] _own = [.. options.OwnAddresses.Select(own => own.Address).Distinct()];

    /// <summary>Whether data may go to and come from a peer. Asked for each datagram, for a permission names no port.</summary>
    public bool Allows(TransportAddress peer)
    {
        if (peer.Port == 0)
        {
            return false;
        }

        // Our media first: it may well be on a private address.
        if (Array.IndexOf(_media, peer) >= 0)
        {
            return true;
        }

        return Classify(peer) switch
        {
            PeerKind.Public => options.AllowPrivatePeers || Array.IndexOf(_own, peer.Address) < 0,
            PeerKind.Private => options.AllowPrivatePeers,
            _ => false,
        };
    }

    internal static PeerKind Classify(TransportAddress peer) => peer.IsIPv4 ? Classify(peer.IPv4) : Classify(peer.Address);

    private static PeerKind Classify(uint address) => address switch
    {
        _ when Starts(address, 0x00000000, 8) => PeerKind.Never, // this network, 0.0.0.0
        _ when Starts(address, 0xE0000000, 4) => PeerKind.Never, // multicast
        _ when Starts(address, 0xF0000000, 4) => PeerKind.Never, // reserved, and 255.255.255.255
        _ when Starts(address, 0x7F000000, 8) => PeerKind.Private, // loopback
        _ when Starts(address, 0x0A000000, 8) => PeerKind.Private, // RFC 1918
        _ when Starts(address, 0xAC100000, 12) => PeerKind.Private,
        _ when Starts(address, 0xC0A80000, 16) => PeerKind.Private,
        _ when Starts(address, 0xA9FE0000, 16) => PeerKind.Private, // link-local, where clouds keep their metadata
        _ when Starts(address, 0x64400000, 10) => PeerKind.Private, // shared, RFC 6598
        _ when Starts(address, 0xC0000000, 24) => PeerKind.Private, // IETF protocols, RFC 6890
        _ when Starts(address, 0xC6120000, 15) => PeerKind.Private, // benchmarks, RFC 2544
        _ => PeerKind.Public,
    };

    private static PeerKind Classify(UInt128 address)
    {
        if (address >> 120 == 0xFF)
        {
            return PeerKind.Never; // multicast
        }

        if (address == 1 || address >> 121 == 0xFC >> 1 || address >> 118 == 0xFE80 >> 6 || address >> 118 == 0xFEC0 >> 6)
        {
            return PeerKind.Private; // loopback, unique local, link-local, site-local
        }

        // IPv4 in another dress: NAT64 (RFC 6052) and 6to4 (RFC 3056) are what they carry, and no better than that.
        if (address >> 32 == (UInt128)0x0064_FF9B << 64)
        {
            return Classify((uint)address);
        }

        if (address >> 112 == 0x2002)
        {
            return Classify((uint)(address >> 80));
        }

        // Teredo hides an address, too; besides these, only 2000::/3 has been given out (RFC 4291 §2.4).
        return address >> 96 != 0x2001_0000 && address >> 125 == 1 ? PeerKind.Public : PeerKind.Never;
    }

    private static bool Starts(uint address, uint prefix, int length) => (address ^ prefix) >> (32 - length) == 0;
}

/// <summary>What an address is to <see cref="PeerPolicy"/>.</summary>
internal enum PeerKind
{
    /// <summary>Of the Internet at large.</summary>
    Public,

    /// <summary>Of this machine or the networks it is in: only when allowed.</summary>
    Private,

    /// <summary>Nobody in particular: multicast, broadcast, unspecified, not given out.</summary>
    Never,
}
