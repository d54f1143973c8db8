using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Parley.Protocol;
using Parley.Server.Meetings;
using Parley.Server.Records;

namespace Parley.Server.Webhooks;

/// <summary>Who is told of events, each by a sender of its own: a slow one delays nobody else.</summary>
internal sealed class WebhookEndpoints(
    IRecordTables tables, ParleyOptions options, TimeProvider time, ILogger<WebhookEndpoints> logger) : IHostedService, IAsyncDisposable
{
    public const int Most = 20;

    private const int LongestUrl = 2000;

    private readonly WebhookClient _client = new(options.Webhooks);
    private readonly SemaphoreSlim _changing = new(1);
    private readonly Dictionary<string, Running> _running = [];
    private volatile Running[] _all = [];

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        tables.Told += Ring;
        foreach (var row in await tables.ReadAsync(db => db.WebhookEndpoints.Where(endpoint => !endpoint.Disabled).ToListAsync(cancellationToken))) Run(row.Id);
    }

    /// <summary>What is under way is given up; it is not noted, so it is sent again after the start.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        tables.Told -= Ring;
        foreach (var id in _running.Keys.ToList()) await HaltAsync(id);
    }

    public Task<List<Webhook>> ListAsync() => tables.ReadAsync(async db =>
    {
        var waiting = await db.WebhookDeliveries.Where(delivery => delivery.State == DeliveryState.Waiting)
            .GroupBy(delivery => delivery.EndpointId).ToDictionaryAsync(group => group.Key, group => group.Count());
        var rows = await db.WebhookEndpoints.OrderBy(endpoint => endpoint.CreatedAt).ToListAsync();
        return rows.ConvertAll(row => Seen(row, waiting.GetValueOrDefault(row.Id)));
    });

    public async Task<Reply<WebhookCreated>> CreateAsync(CreateWebhook wanted)
    {
        if (WhyNot(wanted.Url, wanted.Events) is { } why) return why.As<WebhookCreated>();
        await _changing.WaitAsync();
        try
        {
            if (await tables.ReadAsync(db => db.WebhookEndpoints.CountAsync()) >= Most)
                return Refusal.RequestInvalid($"There are {Most} webhooks already. Delete one first.").As<WebhookCreated>();
            var row = new WebhookEndpointRow
            {
                Id = "whk_" + RandomNumberGenerator.GetString("abcdefghjkmnpqrstvwxyz23456789", 12),
                Url = new Uri(wanted.Url!).AbsoluteUri,
                Secret = RandomNumberGenerator.GetBytes(32),
                Events = string.Join(' ', wanted.Events ?? []),
                CreatedAt = time.GetUtcNow(),
            };
            await tables.WriteAsync(db => db.WebhookEndpoints.Add(row));
            Run(row.Id);
            return new Reply<WebhookCreated>(new WebhookCreated(WebhookSignature.SecretPrefix + Convert.ToBase64String(row.Secret), Seen(row, 0)), null);
        }
        finally
        {
            _changing.Release();
        }
    }

    public async Task<Reply<bool>> ChangeAsync(string id, WebhookChange change)
    {
        if (WhyNot(change.Url ?? "https://parley.invalid", change.Events) is { } why) return why.As<bool>();
        await _changing.WaitAsync();
        try
        {
            var changed = 0;
            await tables.WriteAsync(db =>
            {
                var rows = db.WebhookEndpoints.Where(endpoint => endpoint.Id == id);
                changed = rows.ExecuteUpdate(endpoint => endpoint.SetProperty(e => e.Id, e => e.Id));
                if (change.Url is { } url) rows.ExecuteUpdate(endpoint => endpoint.SetProperty(e => e.Url, new Uri(url).AbsoluteUri));
                if (change.Events is { } events) rows.ExecuteUpdate(endpoint => endpoint.SetProperty(e => e.Events, string.Join(' ', events)));
                if (change.Disabled is { } disabled) rows.ExecuteUpdate(endpoint => endpoint.SetProperty(e => e.Disabled, disabled));
            });
            if (changed == 0) return Refusal.WebhookUnknown.As<bool>();
            if (change.Disabled is true) await HaltAsync(id);
            if (change.Disabled is false && !_running.ContainsKey(id)) Run(id);
            return new Reply<bool>(true, null);
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>With all that waits for it.</summary>
    public async Task<bool> DeleteAsync(string id)
    {
        await _changing.WaitAsync();
        try
        {
            await HaltAsync(id);
            var deleted = 0;
            await tables.WriteAsync(db =>
            {
                db.WebhookDeliveries.Where(delivery => delivery.EndpointId == id).ExecuteDelete();
                deleted = db.WebhookEndpoints.Where(endpoint => endpoint.Id == id).ExecuteDelete();
            });
            return deleted > 0;
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <returns>The newest first; null if there is no such webhook.</returns>
    public Task<List<WebhookDelivery>?> ListDeliveriesAsync(string id) => tables.ReadAsync(async db =>
        await db.WebhookEndpoints.AnyAsync(endpoint => endpoint.Id == id)
            ? await db.WebhookDeliveries.Where(delivery => delivery.EndpointId == id).OrderByDescending(delivery => delivery.Key).Take(WebhookSender.Kept)
                .Select(d => new WebhookDelivery(d.EventId, d.Type, d.MeetingId, d.At, d.State, d.Attempts, d.AttemptedAt, d.Status, d.Problem))
                .ToListAsync()
            : null);

    /// <summary>An event that says nothing, for this one alone.</summary>
    public async Task<Reply<bool>> TestAsync(string id)
    {
        var known = false;
        var at = time.GetUtcNow();
        await tables.WriteAsync(db =>
        {
            known = db.WebhookEndpoints.Any(endpoint => endpoint.Id == id);
            if (known) WebhookOutbox.Add(db, id, WebhookEvents.Test, null, at, new { webhookId = id });
        });
        Ring();
        return known ? new Reply<bool>(true, null) : Refusal.WebhookUnknown.As<bool>();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(CancellationToken.None);
        _client.Dispose();
        _changing.Dispose();
    }

    private ProtocolError? WhyNot(string? url, IReadOnlyList<string?>? events)
    {
        if (url is not { Length: > 0 and <= LongestUrl } || !Uri.TryCreate(url, UriKind.Absolute, out var parsed) || parsed.UserInfo.Length > 0
            || !(parsed.Scheme == Uri.UriSchemeHttps || (parsed.Scheme == Uri.UriSchemeHttp && options.Webhooks.AllowPrivateAddresses)))
            return Refusal.RequestInvalid("A webhook needs an https address without user and password; http only where Parley:Webhooks:AllowPrivateAddresses is set.");
        return events?.FirstOrDefault(type => type is null || !WebhookEvents.All.Contains(type)) is { } unknown || events?.Contains(null) == true
            ? Refusal.RequestInvalid($"Events are {string.Join(", ", WebhookEvents.All)}.")
            : null;
    }

    private void Ring()
    {
        foreach (var running in _all) running.Sender.Ring();
    }

    private void Run(string id)
    {
        var (sender, stop) = (new WebhookSender(id, tables, _client, time, logger), new CancellationTokenSource());
        _running[id] = new Running(sender, stop, Task.Run(() => sender.RunAsync(stop.Token)));
        _all = [.. _running.Values];
    }

    private async Task HaltAsync(string id)
    {
        if (!_running.Remove(id, out var running)) return;
        _all = [.. _running.Values];
        await running.Stop.CancelAsync();
        await running.Loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        running.Stop.Dispose();
        running.Sender.Dispose();
    }

    private static Webhook Seen(WebhookEndpointRow row, int waiting) => new(
        row.Id, row.Url, row.Events.Length == 0 ? WebhookEvents.All : row.Events.Split(' '), row.Disabled, row.CreatedAt, waiting);

    private sealed record Running(WebhookSender Sender, CancellationTokenSource Stop, Task Loop);
}
