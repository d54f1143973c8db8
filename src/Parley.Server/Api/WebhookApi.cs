using Microsoft.AspNetCore.Http.HttpResults;
using Parley.Protocol;
using Parley.Server.Access;
using Parley.Server.Meetings;
using Parley.Server.Webhooks;

namespace Parley.Server.Api;

/// <summary>Webhooks, for the admin (protocol.md §3).</summary>
internal static class WebhookApi
{
    public static void MapWebhookApi(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/admin/webhooks");
        api.MapGet("", async (WebhookEndpoints webhooks) => TypedResults.Ok(await webhooks.ListAsync())).NeedsScope(Scopes.Admin);
        api.MapPost("", CreateAsync).NeedsScope(Scopes.Admin);
        api.MapPatch("/{webhookId}", ChangeAsync).NeedsScope(Scopes.Admin);
        api.MapDelete("/{webhookId}", DeleteAsync).NeedsScope(Scopes.Admin);
        api.MapGet("/{webhookId}/deliveries", DeliveriesAsync).NeedsScope(Scopes.Admin);
        api.MapPost("/{webhookId}/test", TestAsync).NeedsScope(Scopes.Admin);
    }

    private static async Task<Results<Created<WebhookCreated>, ProblemHttpResult>> CreateAsync(CreateWebhook? body, WebhookEndpoints webhooks, ParleyMetrics metrics)
    {
        var reply = await webhooks.CreateAsync(body ?? new CreateWebhook(null));
        return reply.Value is { } created
            ? TypedResults.Created($"/api/admin/webhooks/{created.Webhook.Id}", created)
            : MeetingApi.Refuse(metrics, reply.Error!);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> ChangeAsync(
        string webhookId, WebhookChange? body, WebhookEndpoints webhooks, ParleyMetrics metrics) =>
        (await webhooks.ChangeAsync(webhookId, body ?? new WebhookChange())).Error is { } why ? MeetingApi.Refuse(metrics, why) : TypedResults.NoContent();

    private static async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(string webhookId, WebhookEndpoints webhooks, ParleyMetrics metrics) =>
        await webhooks.DeleteAsync(webhookId) ? TypedResults.NoContent() : MeetingApi.Refuse(metrics, Refusal.WebhookUnknown);

    private static async Task<Results<Ok<List<WebhookDelivery>>, ProblemHttpResult>> DeliveriesAsync(
        string webhookId, WebhookEndpoints webhooks, ParleyMetrics metrics) =>
        await webhooks.ListDeliveriesAsync(webhookId) is { } deliveries ? TypedResults.Ok(deliveries) : MeetingApi.Refuse(metrics, Refusal.WebhookUnknown);

    private static async Task<Results<Accepted, ProblemHttpResult>> TestAsync(string webhookId, WebhookEndpoints webhooks, ParleyMetrics metrics) =>
        (await webhooks.TestAsync(webhookId)).Error is { } why ? MeetingApi.Refuse(metrics, why) : TypedResults.Accepted((string?)null);
}
