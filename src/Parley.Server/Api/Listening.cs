using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Parley.Server.Api;

/// <summary>Where and how Kestrel listens.</summary>
internal static class Listening
{
    /// <summary>Long-polling clients post hub messages; nothing larger is for us.</summary>
    private const long LargestBody = 512 * 1024;

    /// <param name="certificate">Of HTTPS; null when it is off.</param>
    public static void Configure(KestrelServerOptions kestrel, ParleyOptions options, X509Certificate2? certificate)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = LargestBody;
        kestrel.Limits.MaxConcurrentConnections = options.Limits.Connections;
        kestrel.Limits.MaxConcurrentUpgradedConnections = options.Limits.Connections;
        kestrel.ListenAnyIP(options.Http.Port);
        if (certificate is null) return;
        kestrel.ListenAnyIP(options.Http.HttpsPort, listen => listen.UseHttps(certificate));
    }

    /// <summary>Kestrel would say the same in forty lines.</summary>
    /// <exception cref="StartException">A port cannot be had.</exception>
    public static void CheckPorts(HttpOptions http)
    {
        CheckPort("Parley:Http:Port", http.Port);
        if (http.Https) CheckPort("Parley:Http:HttpsPort", http.HttpsPort);
    }

    public static void TrustProxies(ForwardedHeadersOptions forwarded, HttpOptions http)
    {
        forwarded.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
        forwarded.KnownIPNetworks.Clear();
        forwarded.KnownProxies.Clear();
        foreach (var proxy in http.TrustedProxies)
        {
            if (IPAddress.TryParse(proxy, out var address)) forwarded.KnownProxies.Add(address);
            else forwarded.KnownIPNetworks.Add(System.Net.IPNetwork.Parse(proxy));
        }
    }

    private static void CheckPort(string key, int port)
    {
        if (port == 0) return;
        try
        {
            using var socket = Socket.OSSupportsIPv6
                ? new Socket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp) { DualMode = true }
                : new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            // Like Kestrel: a port that is only in TIME_WAIT can be had.
            if (!OperatingSystem.IsWindows()) socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            socket.Bind(new IPEndPoint(Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any, port));
            socket.Listen();
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
        {
            var why = e.SocketErrorCode == SocketError.AccessDenied
                ? "may not be used by this account"
                : "is in use by another program";
            throw new StartException($"{key}: port {port} {why}; choose another with --{key}=PORT", e);
        }
    }
}
