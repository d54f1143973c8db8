using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Authentication;

namespace Parley.Client;

/// <summary>Turns what goes wrong on the way to a server into one sentence that says what to do.</summary>
internal sealed class ConnectionProblem(Uri address, CertificateCheck certificates, TimeSpan patience)
{
    private readonly string _where = address.GetLeftPart(UriPartial.Authority);

    /// <summary>It answers, but not as a Parley server does.</summary>
    public ParleyException NotParley(Exception? inner = null) =>
        Unreachable($"{_where} answers, but is no Parley server: check the address.", inner);

    public ParleyException TimedOut(Exception? inner = null) =>
        Unreachable($"{_where} did not answer within {patience.TotalSeconds:0} seconds: try again, or check the address.", inner);

    /// <summary>A proxy in front says that the server behind it is not there.</summary>
    public ParleyException Away(HttpStatusCode status) =>
        Unreachable($"The server behind {_where} does not answer (status {(int)status}): try again in a moment.");

    public ParleyException Redirected(Uri? target)
    {
        var to = target is null ? null : new Uri(address, target);
        return to is not null && (to.Scheme == Uri.UriSchemeHttp || to.Scheme == Uri.UriSchemeHttps)
            ? Unreachable($"{_where} sends on to {ServerText.Quote(to.GetLeftPart(UriPartial.Authority))}: use that address if it is your server's.")
            : NotParley();
    }

    /// <summary>It is a Parley server, but its WebSocket does not come about.</summary>
    public ParleyException NoWebSocket(Exception inner) => Unreachable(
        $"{_where} is a Parley server, but lets no WebSocket through: what stands between must pass them on.", inner);

    /// <summary>Whether a handshake was answered with something else, which alone does not tell with what.</summary>
    public static bool IsNoWebSocket(Exception? thrown)
    {
        for (var e = thrown; e is not null; e = e.InnerException)
        {
            if (e is WebSocketException { WebSocketErrorCode: WebSocketError.NotAWebSocket }) return true;
        }

        return false;
    }

    /// <summary>What was thrown while connecting, sending or receiving.</summary>
    public ParleyException Explain(Exception thrown)
    {
        for (var e = thrown; e is not null; e = e.InnerException)
        {
            switch (e)
            {
                case ParleyException known:
                    return known;
                case AuthenticationException:
                    return Insecure(thrown);
                case SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain }:
                    return Unreachable($"The name {address.IdnHost} cannot be found: check the address and your connection.", thrown);
                case SocketException { SocketErrorCode: SocketError.HostUnreachable or SocketError.NetworkUnreachable }:
                    return Unreachable($"There is no way to {_where}: check your connection.", thrown);
                case SocketException { SocketErrorCode: SocketError.TimedOut }:
                    return TimedOut(thrown);
                case SocketException { SocketErrorCode: SocketError.ConnectionRefused }:
                    return Nobody(thrown);
                case HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError }:
                    return Unreachable($"The name {address.IdnHost} cannot be found: check the address and your connection.", thrown);
                case HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } when e.InnerException is not AuthenticationException:
                    return Insecure(thrown);
                case HttpRequestException
                {
                    HttpRequestError: HttpRequestError.InvalidResponse or HttpRequestError.ResponseEnded
                        or HttpRequestError.HttpProtocolError or HttpRequestError.ConfigurationLimitExceeded
                }:
                    return NotParley(thrown);
                case WebSocketException { WebSocketErrorCode: WebSocketError.NotAWebSocket or WebSocketError.HeaderError or WebSocketError.UnsupportedProtocol }:
                    return NotParley(thrown);
                case OperationCanceledException or TimeoutException:
                    return TimedOut(thrown);
            }
        }

        return Nobody(thrown);
    }

    private ParleyException Nobody(Exception inner) => Unreachable($"Nothing answers at {_where}. Is the server running?", inner);

    private ParleyException Insecure(Exception inner) => certificates.Rejection is { } why
        ? Unreachable($"The certificate of {_where} is not trusted: {why}. Accept it only if you know that it is your server's.", inner)
        : Unreachable($"{_where} does not speak TLS as it should: is it http:// rather than https://?", inner);

    private static ParleyException Unreachable(string message, Exception? inner = null) => new(ParleyError.Unreachable, message, inner: inner);
}
