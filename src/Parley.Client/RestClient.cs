using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Parley.Protocol;

namespace Parley.Client;

/// <summary>The requests of protocol.md §3: one attempt each, bounded in time and size, every failure a <see cref="ParleyException"/>.</summary>
internal sealed class RestClient(HttpClient http, ConnectionProblem problem, TimeProvider time, TimeSpan patience)
{
    /// <summary>A large answer on a slow line may take longer than its beginning.</summary>
    private static readonly TimeSpan BodyPatience = TimeSpan.FromMinutes(1);

    /// <summary>A file on a slow line, either way.</summary>
    private static readonly TimeSpan FilePatience = TimeSpan.FromMinutes(15);

    private const int LargestAnswer = 64 * 1024 * 1024;
    private const int LargestProblem = 64 * 1024;

    /// <summary>What was answered, as JSON.</summary>
    public Task<T> AskAsync<T>(HttpMethod method, string path, object? body, CancellationToken cancellation) where T : class =>
        SendAsync(method, path, body is null ? null : JsonContent.Create(body, body.GetType(), options: ProtocolJson.Options), null, ReadAsync<T>, cancellation);

    /// <summary>Likewise, with a secret that makes the answer tell more; null for none.</summary>
    public Task<T> AskWithAsync<T>(string? secret, HttpMethod method, string path, CancellationToken cancellation) where T : class =>
        SendAsync(method, path, null, secret, ReadAsync<T>, cancellation);

    /// <summary>Sends bytes as they are, from where the stream stands to its end.</summary>
    public Task<T> UploadAsync<T>(string path, string secret, Stream body, CancellationToken cancellation) where T : class =>
        SendAsync(HttpMethod.Post, path, new UnownedContent(body), secret, ReadAsync<T>, cancellation, FilePatience);

    /// <summary>Writes what comes to <paramref name="to"/>.</summary>
    /// <param name="path">Where it is.</param>
    /// <param name="secret">Who asks.</param>
    /// <param name="to">Where it goes.</param>
    /// <param name="length">How long it is; anything else is no answer of Parley.</param>
    /// <param name="cancellation">Gives up.</param>
    public Task DownloadAsync(string path, string secret, Stream to, long length, CancellationToken cancellation) => SendAsync(
        HttpMethod.Get,
        path,
        null,
        secret,
        async (response, stop) =>
        {
            if (response.Content.Headers.ContentLength != length) throw problem.NotParley();
            await response.Content.CopyToAsync(to, stop).ConfigureAwait(false);
            return true;
        },
        cancellation,
        FilePatience);

    /// <summary>A request whose success says nothing more.</summary>
    public Task DoAsync(HttpMethod method, string path, string secret, CancellationToken cancellation) =>
        SendAsync(
            method,
            path,
            null,
            secret,
            (response, _) => response.StatusCode == HttpStatusCode.NoContent ? Task.FromResult(true) : throw problem.NotParley(),
            cancellation);

    private async Task<T> SendAsync<T>(
        HttpMethod method,
        string path,
        HttpContent? body,
        string? secret,
        Func<HttpResponseMessage, CancellationToken, Task<T>> read,
        CancellationToken cancellation,
        TimeSpan? longest = null)
    {
        using var timer = new CancellationTokenSource(longest ?? patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellation);
        try
        {
            using var request = new HttpRequestMessage(method, path);
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
            request.Content = body;
            if (secret is not null && !request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + secret))
                throw new ParleyException(ParleyError.Invalid, "This is no creator secret.");
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token).ConfigureAwait(false);
            if (longest is null) timer.CancelAfter(BodyPatience);
            if (response.IsSuccessStatusCode) return await read(response, either.Token).ConfigureAwait(false);
            throw await RefusalAsync(response, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellation);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or IOException or JsonException or NotSupportedException)
        {
            throw e is JsonException or NotSupportedException ? problem.NotParley(e) : problem.Explain(e);
        }
    }

    private async Task<T> ReadAsync<T>(HttpResponseMessage response, CancellationToken cancellation) where T : class
    {
        if (!IsJson(response)) throw problem.NotParley();
        await response.Content.LoadIntoBufferAsync(LargestAnswer, cancellation).ConfigureAwait(false);
        return await response.Content.ReadFromJsonAsync<T>(ClientJson.Options, cancellation).ConfigureAwait(false)
            ?? throw problem.NotParley();
    }

    private async Task<ParleyException> RefusalAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        if ((int)response.StatusCode is >= 300 and < 400) return problem.Redirected(response.Headers.Location);
        if (IsJson(response))
        {
            await response.Content.LoadIntoBufferAsync(LargestProblem, cancellation).ConfigureAwait(false);
            var told = await response.Content.ReadFromJsonAsync<Problem>(ClientJson.Options, cancellation).ConfigureAwait(false);
            if (told?.Code is { Length: > 0 } code)
            {
                return new ParleyException(
                    ParleyError.Refused, ServerText.Sentence(told.Detail, "The server refused this."), ServerText.Quote(code));
            }
        }

        return response.StatusCode is HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout
            ? problem.Away(response.StatusCode)
            : problem.NotParley();
    }

    private static bool IsJson(HttpResponseMessage response) =>
        response.Content.Headers.ContentType?.MediaType is { } type
        && (type.Equals("application/json", StringComparison.OrdinalIgnoreCase) || type.EndsWith("+json", StringComparison.OrdinalIgnoreCase));

    /// <summary>A stream that stays its owner's.</summary>
    private sealed class UnownedContent(Stream stream) : HttpContent
    {
        private readonly long _length = stream.Length - stream.Position;

        protected override Task SerializeToStreamAsync(Stream to, TransportContext? context) => stream.CopyToAsync(to);

        protected override Task SerializeToStreamAsync(Stream to, TransportContext? context, CancellationToken cancellationToken) =>
            stream.CopyToAsync(to, cancellationToken);

        protected override bool TryComputeLength(out long length)
        {
            length = _length;
            return true;
        }
    }

    /// <summary>RFC 9457, as far as it is used.</summary>
    private sealed record Problem(string? Code, string? Detail);
}
