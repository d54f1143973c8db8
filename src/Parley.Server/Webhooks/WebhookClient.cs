using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Parley.Server.Webhooks;

/// <summary>
/// One attempt: posts the event and looks at the status, nothing else. It goes to no private address unless allowed (looked at after the name was resolved, so
/// no name leads there), follows no redirect, reads no body, and takes ten seconds at most.
/// </summary>
internal sealed class WebhookClient : IDisposable
{
    /// <summary>It was reached, and said nothing in time, or nothing at all.</summary>
    public const string Timeout = "timeout", NoAnswer = "noAnswer";

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private readonly HttpClient _http;
    private readonly bool _allowsPrivate;

    public WebhookClient(WebhookOptions options)
    {
        _allowsPrivate = options.AllowPrivateAddresses;
        _http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            // One after the other in any case; a new name is looked up soon.
            MaxConnectionsPerServer = 4,
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            MaxResponseHeadersLength = 16,
            MaxResponseDrainSize = 0,
            ConnectCallback = ConnectAsync,
        })
        { Timeout = s_patience };
        _http.DefaultRequestHeaders.UserAgent.ParseAdd("Parley");
    }

    /// <returns>The status of the answer, or why there was none.</returns>
    public async Task<(int? Status, string? Problem)> PostAsync(Uri url, string id, DateTimeOffset at, string signature, string body, CancellationToken cancellation)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
            request.Headers.Add("webhook-id", id);
            request.Headers.Add("webhook-timestamp", at.ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture));
            request.Headers.Add("webhook-signature", signature);
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            return ((int)response.StatusCode, null);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or IOException or SocketException)
        {
            return (null, ProblemOf(e));
        }
    }

    public void Dispose() => _http.Dispose();

    /// <summary>A word of ours: what the exception says may hold addresses of the inside.</summary>
    private static string ProblemOf(Exception e) => e switch
    {
        OperationCanceledException => Timeout,
        _ when e.GetBaseException() is ForbiddenAddressException => "addressForbidden",
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => "nameUnknown",
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => "certificateInvalid",
        _ when e.GetBaseException() is SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain } => "nameUnknown",
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } => "unreachable",
        _ => NoAnswer,
    };

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        var all = await Dns.GetHostAddressesAsync(host, cancellation);
        var allowed = _allowsPrivate ? all : Array.FindAll(all, GlobalAddress.Is);
        if (allowed.Length == 0) throw new ForbiddenAddressException();
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, port, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private sealed class ForbiddenAddressException() : Exception("No address of this name is of the internet.");
}
