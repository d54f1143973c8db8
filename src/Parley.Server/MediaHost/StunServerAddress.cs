using System.Net;
using System.Net.Sockets;
using Parley.Media;

namespace Parley.Server.MediaHost;

/// <summary>A STUN server as it is configured: <c>stun.example.org</c>, with or without <c>:3478</c>; IPv6 in brackets.</summary>
/// <param name="Host">A name or an address.</param>
/// <param name="Port">Its UDP port.</param>
internal sealed record StunServerAddress(string Host, int Port)
{
    private const int DefaultPort = 3478;

    /// <summary>Null when it is not of that form.</summary>
    public static StunServerAddress? Parse(string text) =>
        Uri.TryCreate($"stun://{text}", UriKind.Absolute, out var uri)
        && uri is { UserInfo: "", AbsolutePath: "" or "/", Query: "", Fragment: "", Port: -1 or (> 0 and <= ushort.MaxValue) }
        && !text.Contains('/', StringComparison.Ordinal)
        && Uri.CheckHostName(uri.DnsSafeHost) != UriHostNameType.Unknown
            ? new StunServerAddress(uri.DnsSafeHost, uri.Port < 0 ? DefaultPort : uri.Port)
            : null;

    /// <summary>Its address: IPv4 first, for NATs are of IPv4.</summary>
    /// <exception cref="SocketException">The name is not known, or has no address we can send to.</exception>
    public async Task<TransportAddress> ResolveAsync(CancellationToken cancellationToken)
    {
        var addresses = await Dns.GetHostAddressesAsync(Host, cancellationToken);
        var usable = addresses
            .Where(address => address.AddressFamily == AddressFamily.InterNetwork || Socket.OSSupportsIPv6)
            .OrderBy(address => address.AddressFamily)
            .FirstOrDefault() ?? throw new SocketException((int)SocketError.HostNotFound);
        return TransportAddress.From(new IPEndPoint(usable, Port));
    }

    /// <inheritdoc/>
    public override string ToString() => Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]:{Port}" : $"{Host}:{Port}";
}
