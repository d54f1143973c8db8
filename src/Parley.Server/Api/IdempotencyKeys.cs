using System.Security.Cryptography;
using System.Text.Json;
using Parley.Protocol;
using Parley.Server.Access;
using Parley.Server.Meetings;

namespace Parley.Server.Api;

/// <summary>
/// Makes the repeat of a call harmless: who did not get the answer asks again with the same <c>Idempotency-Key</c> and gets the first one, with its secret. In memory and
/// for an hour; a key belongs to who sent it (an API key, a session, or an address), so it finds nobody else's meeting.
/// </summary>
internal sealed class IdempotencyKeys(TimeProvider time)
{
    public const string Header = "Idempotency-Key";

    private const int Longest = 200;

    /// <summary>The oldest make room.</summary>
    private const int Most = 10_000;

    private static readonly TimeSpan s_life = TimeSpan.FromHours(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<(string By, string Key), Answered> _answers = [];
    private readonly Queue<((string By, string Key) Key, Answered Answered)> _order = new();

    /// <param name="make">Runs once, however often and at once it is asked; what it refused may be tried again.</param>
    public async Task<Reply<MeetingCreated>> OnceAsync(HttpContext http, string key, CreateMeeting body, Func<Task<Reply<MeetingCreated>>> make)
    {
        if (key is not { Length: > 0 and <= Longest } || key.Any(c => c is < '!' or > '~'))
            return Refusal.RequestInvalid($"An {Header} has 1 to {Longest} visible characters of ASCII.").As<MeetingCreated>();
        var by = http.Caller() is { } caller ? "caller " + caller.Id : "address " + http.Connection.RemoteIpAddress;
        var hash = SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(body, ProtocolJson.Options));
        var answered = Find((by, key), hash, make);
        if (!answered.BodyHash.AsSpan().SequenceEqual(hash)) return Refusal.IdempotencyKeyReused.As<MeetingCreated>();
        var reply = await answered.Reply.Value;
        if (reply.Error is not null) Forget((by, key), answered);
        return reply;
    }

    private Answered Find((string By, string Key) key, byte[] hash, Func<Task<Reply<MeetingCreated>>> make)
    {
        lock (_lock)
        {
            var now = time.GetUtcNow();
            while (_order.TryPeek(out var oldest) && (_order.Count >= Most || now - oldest.Answered.At >= s_life))
            {
                _order.Dequeue();
                if (_answers.GetValueOrDefault(oldest.Key) == oldest.Answered) _answers.Remove(oldest.Key);
            }

            if (_answers.TryGetValue(key, out var known)) return known;
            var made = new Answered(hash, now, new Lazy<Task<Reply<MeetingCreated>>>(make));
            _answers[key] = made;
            _order.Enqueue((key, made));
            return made;
        }
    }

    private void Forget((string By, string Key) key, Answered answered)
    {
        lock (_lock)
        {
            if (_answers.GetValueOrDefault(key) == answered) _answers.Remove(key);
        }
    }

    private sealed record Answered(byte[] BodyHash, DateTimeOffset At, Lazy<Task<Reply<MeetingCreated>>> Reply);
}
