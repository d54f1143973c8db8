using System.Text.Json;
using Parley.Protocol;
using Parley.Server.Records;

namespace Parley.Server.Webhooks;

/// <summary>
/// Puts an event beside what it tells of, in the same transaction: what was acknowledged is told, also after a crash, and what was undone is not.
/// </summary>
internal static class WebhookOutbox
{
    /// <summary>What an endpoint that takes nothing may hold up; newer events are lost to it.</summary>
    public const int MostWaiting = 10_000;

    public static void Add<T>(RecordsContext db, string type, string? meetingId, DateTimeOffset at, T data)
    {
        foreach (var endpoint in db.WebhookEndpoints.Where(endpoint => !endpoint.Disabled).Select(endpoint => new { endpoint.Id, endpoint.Events }).ToList())
        {
            if (endpoint.Events.Length == 0 || endpoint.Events.Split(' ').Contains(type)) Add(db, endpoint.Id, type, meetingId, at, data);
        }
    }

    public static void Add<T>(RecordsContext db, string endpointId, string type, string? meetingId, DateTimeOffset at, T data)
    {
        if (db.WebhookDeliveries.Count(delivery => delivery.EndpointId == endpointId && delivery.State == DeliveryState.Waiting) >= MostWaiting) return;
        db.WebhookDeliveries.Add(new WebhookDeliveryRow
        {
            MeetingId = meetingId,
            EndpointId = endpointId,
            EventId = "evt_" + Guid.CreateVersion7(at).ToString("N"),
            Type = type,
            Body = JsonSerializer.Serialize(new WebhookEvent<T>(type, at, data), ProtocolJson.Options),
            At = at,
            NextAt = at,
        });
    }
}
