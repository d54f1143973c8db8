using System.Net;
using System.Net.Sockets;

namespace Parley.Client.Meetings;

/// <summary>Reads what a server says of STUN and TURN servers (RFC 7064, RFC 7065): those over UDP, which are all we speak.</summary>
internal static class IceServerUrls
{
    private const int MostServers = 8;
    private const int MostUrls = 8;
    private const int LongestUrl = 300;
    private const int LongestSecret = 1_000;
    private const int MostAddresses = 4;
    private const int DefaultPort = 3478;
    private const int TlsPort = 5349;

    /// <summary>Whether a list is one that a server may send.</summary>
    public static bool IsSound(IReadOnlyList<Protocol.IceServer> servers) =>
        servers.Count <= MostServers && servers.All(server =>
            server is { Urls.Count: <= MostUrls, Username: null or { Length: <= LongestSecret }, Credential: null or { Length: <= LongestSecret } }
            && server.Urls.All(url => url is { Length: <= LongestUrl }));

    /// <summary>The servers that can be used, with their addresses: what cannot be read or is not known is left out.</summary>
    /// <param name="servers">A sound list.</param>
    /// <param name="relays">Whether TURN servers are wanted; else they count as STUN servers only.</param>
    /// <param name="patience">How long names may take.</param>
    /// <param name="time">The clock.</param>
    public static async Task<IReadOnlyList<IceServer>> ResolveAsync(
        IReadOnlyList<Protocol.IceServer> servers, bool relays, TimeSpan patience, TimeProvider time)
    {
        using var enough = new CancellationTokenSource(patience, time);
        var found = new List<IceServer>();
        foreach (var server in servers)
        {
            foreach (var url in server.Urls)
            {
                if (Read(url) is not { } read || (read.IsTurn && !relays)) continue;
                foreach (var address in await AddressesOf(read.Host, enough.Token).ConfigureAwait(false))
                {
                    var where = new IPEndPoint(address, read.Port);
                    found.Add(read.IsTurn ? new IceServer(where, server.Username, server.Credential) : new IceServer(where));
                }
            }
        }

        return [.. found.Distinct().Take(MostServers)];
    }

    /// <summary>What a URL names; null when it is none of a server over UDP.</summary>
    internal static (string Host, int Port, bool IsTurn)? Read(string url)
    {
        var colon = url.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0 || url[..colon] is not ("stun" or "turn")) return null;
        var isTurn = url[0] == 't';
        var rest = url[(colon + 1)..];
        var query = rest.IndexOf('?', StringComparison.Ordinal);
        if (query >= 0)
        {
            if (!isTurn || rest[query..] != "?transport=udp") return null;
            rest = rest[..query];
        }

        var (host, port) = Split(rest);
        if (port is null || Uri.CheckHostName(host) is not (UriHostNameType.Dns or UriHostNameType.IPv4 or UriHostNameType.IPv6)) return null;
        return (host, port.Value, isTurn);
    }

    /// <summary>What a URL names of a TURN server over TCP or TLS; null when it is none of those.</summary>
    internal static (string Host, int Port, bool IsTls)? ReadStream(string url)
    {
        var colon = url.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0 || url[..colon] is not ("turn" or "turns")) return null;
        var isTls = url[..colon] == "turns";
        var query = url.IndexOf('?', StringComparison.Ordinal);
        var transport = query < 0 ? "" : url[query..];
        if (!(transport == "?transport=tcp" || (isTls && transport.Length == 0))) return null;
        var (host, port) = Split(query < 0 ? url[(colon + 1)..] : url[(colon + 1)..query], isTls ? TlsPort : DefaultPort);
        if (port is null || Uri.CheckHostName(host) is not (UriHostNameType.Dns or UriHostNameType.IPv4 or UriHostNameType.IPv6)) return null;
        return (host, port.Value, isTls);
    }

    private static (string Host, int? Port) Split(string authority, int otherwise = DefaultPort)
    {
        var bracket = authority.LastIndexOf(']');
        var colon = authority.LastIndexOf(':');
        var hasPort = colon > bracket && (bracket >= 0 || authority.IndexOf(':', StringComparison.Ordinal) == colon);
        var host = (hasPort ? authority[..colon] : authority).Trim('[', ']');
        if (!hasPort) return (host, otherwise);
        var isPort = ushort.TryParse(authority[(colon + 1)..], System.Globalization.NumberStyles.None, null, out var port) && port != 0;
        return (host, isPort ? port : null);
    }

    private static async Task<IEnumerable<IPAddress>> AddressesOf(string host, CancellationToken cancellation)
    {
        if (IPAddress.TryParse(host, out var literal)) return [literal];
        try
        {
            var all = await Dns.GetHostAddressesAsync(host, cancellation).ConfigureAwait(false);
            return all.Take(MostAddresses);
        }
        catch (Exception problem) when (problem is SocketException or OperationCanceledException or ArgumentException)
        {
            return [];
        }
    }
}
