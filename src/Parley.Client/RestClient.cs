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

    private const int LargestAnswer = 64 * 1024 * 1024;
    private const int LargestProblem = 64 * 1024;

    /// <summary>What was answered, as JSON.</summary>
    public Task<T> AskAsync<T>(HttpMethod method, string path, object? body, CancellationToken cancellation) where T : class =>
        SendAsync(method, path, body, null, ReadAsync<T>, cancellation);

    /// <summary>Likewise, with a secret that makes the answer tell more; null for none.</summary>
    public Task<T> AskWithAsync<T>(string? secret, HttpMethod method, string path, CancellationToken cancellation) where T : class =>
        SendAsync(method, path, null, secret, ReadAsync<T>, cancellation);

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
        object? body,
        string? secret,
        Func<HttpResponseMessage, CancellationToken, Task<T>> read,
        CancellationToken cancellation)
    {
        using var timer = new CancellationTokenSource(patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellation);
        try
        {
            using var request = new HttpRequestMessage(method, path);
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
            if (body is not null) request.Content = JsonContent.Create(body, body.GetType(), options: ProtocolJson.Options);
            if (secret is not null && !request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + secret))
                throw new ParleyException(ParleyError.Invalid, "This is no creator secret.");
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token).ConfigureAwait(false);
            timer.CancelAfter(BodyPatience);
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

    /// <summary>RFC 9457, as far as it is used.</summary>
    private sealed record Problem(string? Code, string? Detail);
}
