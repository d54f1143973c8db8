using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Parley.Protocol;
using Parley.Server.Records;

namespace Parley.Server.Webhooks;

/// <summary>
/// Sends the events of one endpoint, one after the other in their order, until it is told to stop. What fails is tried again before anything newer; but
/// what an endpoint that is there refuses three times is its own trouble: it steps aside and goes on being tried, and the others go on without it.
/// </summary>
internal sealed partial class WebhookSender(
    string endpointId, IRecordTables tables, WebhookClient client, TimeProvider time, ILogger logger) : IDisposable
{
    /// <summary>Finished ones that stay to be looked at.</summary>
    public const int Kept = 100;

    /// <summary>Failures of an event by itself after which it steps aside: some half a minute, an answer's patience not counted.</summary>
    public const int HeldFor = 3;

    /// <summary>Tried by themselves.</summary>
    private static readonly Expression<Func<WebhookDeliveryRow, bool>> s_isAside = delivery => delivery.Attempts >= HeldFor
        && ((delivery.Status != null && delivery.Status != TooManyRequests && delivery.Status != ServiceUnavailable)
            || delivery.Problem == WebhookClient.Timeout
            || delivery.Problem == WebhookClient.NoAnswer);

    private static readonly Expression<Func<WebhookDeliveryRow, bool>> s_isInOrder = Expression.Lambda<Func<WebhookDeliveryRow, bool>>(
        Expression.Not(s_isAside.Body), s_isAside.Parameters);

    /// <summary>With these an endpoint says that it is not the event.</summary>
    private const int TooManyRequests = 429, ServiceUnavailable = 503;

    /// <summary>So long it waits when the database does not answer.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _bell = new(0, 1);
    private bool _lastWasFirst;

    /// <summary>There may be something new.</summary>
    public void Ring()
    {
        try
        {
            _bell.Release();
        }
        catch (Exception e) when (e is SemaphoreFullException or ObjectDisposedException)
        {
            // It rings already, or has stopped.
        }
    }

    /// <summary>Once it does not run any more.</summary>
    public void Dispose() => _bell.Dispose();

    public async Task RunAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                await SendNextAsync(cancellation);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // The database, or we erred: the events are kept, and this endpoint goes on.
                Failed(logger, e, endpointId);
                await WaitAsync(s_patience, cancellation);
            }
        }
    }

    private async Task SendNextAsync(CancellationToken cancellation)
    {
        var (first, aside) = await tables.ReadAsync(async db =>
        {
            var waiting = db.WebhookDeliveries.Where(delivery => delivery.EndpointId == endpointId && delivery.State == DeliveryState.Waiting);
            return (
                await waiting.Where(s_isInOrder).OrderBy(delivery => delivery.Key).FirstOrDefaultAsync(cancellation),
                await waiting.Where(s_isAside).OrderBy(delivery => delivery.NextAt).ThenBy(delivery => delivery.Key).FirstOrDefaultAsync(cancellation));
        });
        var now = time.GetUtcNow();
        // One of each in turn, that neither keeps the other waiting.
        var ready = new[] { first, aside }.Where(one => one?.NextAt <= now).ToList();
        if ((ready.Count == 2 && _lastWasFirst ? aside : ready.FirstOrDefault()) is not { } next)
        {
            await WaitForAnyAsync(first, aside, now, cancellation);
            return;
        }

        _lastWasFirst = next == first;

        var endpoint = await tables.ReadAsync(db => db.WebhookEndpoints.SingleOrDefaultAsync(one => one.Id == endpointId, cancellation));
        if (endpoint is null or { Disabled: true }) return;
        var at = time.GetUtcNow();
        var signature = WebhookSignature.Of(endpoint.Secret, next.EventId, at, next.Body);
        var (status, problem) = await client.PostAsync(new Uri(endpoint.Url), next.EventId, at, signature, next.Body, cancellation);
        await NoteAsync(next, at, status, problem);
    }

    private Task NoteAsync(WebhookDeliveryRow sent, DateTimeOffset at, int? status, string? problem)
    {
        var attempts = sent.Attempts + 1;
        var nextAt = at + RetryTimes.After(attempts, Random.Shared.NextDouble());
        var state = status is >= 200 and < 300 ? DeliveryState.Delivered
            : nextAt - sent.At > RetryTimes.GiveUpAfter ? DeliveryState.GivenUp
            : DeliveryState.Waiting;
        return tables.WriteAsync(db =>
        {
            db.WebhookDeliveries.Where(delivery => delivery.Key == sent.Key).ExecuteUpdate(delivery => delivery
                .SetProperty(d => d.State, state)
                .SetProperty(d => d.Attempts, attempts)
                .SetProperty(d => d.NextAt, nextAt)
                .SetProperty(d => d.AttemptedAt, at)
                .SetProperty(d => d.Status, status)
                .SetProperty(d => d.Problem, problem));
            if (state == DeliveryState.Waiting) return;
            var finished = db.WebhookDeliveries.Where(delivery => delivery.EndpointId == endpointId && delivery.State != DeliveryState.Waiting);
            var oldest = finished.OrderByDescending(delivery => delivery.Key).Skip(Kept).Select(delivery => (long?)delivery.Key).FirstOrDefault();
            if (oldest is not null) finished.Where(delivery => delivery.Key <= oldest).ExecuteDelete();
        });
    }

    /// <summary>Until the next of these is due; where nothing is before it, also until there is something new.</summary>
    private async Task WaitForAnyAsync(WebhookDeliveryRow? first, WebhookDeliveryRow? aside, DateTimeOffset now, CancellationToken cancellation)
    {
        if (first is null && aside is null)
        {
            await _bell.WaitAsync(cancellation);
            return;
        }

        var until = first is null || aside?.NextAt < first.NextAt ? aside!.NextAt : first.NextAt;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var due = WaitAsync(until - now, either.Token);
        await (first is null ? Task.WhenAny(due, _bell.WaitAsync(either.Token)) : due);
        await either.CancelAsync();
        cancellation.ThrowIfCancellationRequested();
    }

    private Task WaitAsync(TimeSpan wait, CancellationToken cancellation) => Task.Delay(wait, time, cancellation);

    [LoggerMessage(LogLevel.Error, "The events for webhook {EndpointId} could not be read or noted; the next try is in a moment")]
    private static partial void Failed(ILogger logger, Exception exception, string endpointId);
}
