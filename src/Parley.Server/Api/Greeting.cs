using System.Net;
using Parley.Server.MediaHost;

namespace Parley.Server.Api;

/// <summary>Says at the start which address to open: "[::]:8080" is nothing a person can click.</summary>
internal static partial class Greeting
{
    public static void Announce(this WebApplication app) => app.Lifetime.ApplicationStarted.Register(() =>
    {
        var machine = AdvertisedAddresses.Resolve([]).FirstOrDefault(address => !IPAddress.IsLoopback(address));
        foreach (var url in app.Urls)
        {
            var uri = new Uri(url);
            if (uri.Scheme == Uri.UriSchemeHttp) OpenHere(app.Logger, uri.Port);
            else if (machine is not null) OpenElsewhere(app.Logger, new UriBuilder(uri.Scheme, machine.ToString(), uri.Port).Uri);
        }
    });

    [LoggerMessage(LogLevel.Information, "Open http://localhost:{Port} on this machine")]
    private static partial void OpenHere(ILogger logger, int port);

    [LoggerMessage(LogLevel.Information, "Open {Url} on other machines (browsers give cameras to secure pages only)")]
    private static partial void OpenElsewhere(ILogger logger, Uri url);
}
