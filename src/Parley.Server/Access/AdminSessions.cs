using Parley.Server.Meetings;
using Parley.Server.Signalling;

namespace Parley.Server.Access;

/// <summary>Browsers in which the admin has signed in. They are in memory only: a restart signs everybody out.</summary>
internal sealed class AdminSessions(ParleyOptions options, TimeProvider time)
{
    public const string Cookie = "parley-admin";

    /// <summary>Who knows the password may sign in as often as they like; of their sessions the newest count.</summary>
    private const int Most = 100;

    private readonly Lock _lock = new();
    private readonly LinkedList<AdminSession> _sessions = [];

    /// <returns>The secret for the cookie, said once.</returns>
    public string Begin(out AdminSession session)
    {
        var secret = Secret.Create();
        var ends = time.GetUtcNow() + TimeSpan.FromMinutes(options.Admin.SessionMinutes);
        session = new AdminSession(Secret.Hash(secret), ends, new Caller("admin", "Admin", Scopes.Admin, new TokenBucket(options.Rates.Keys, time), new TokenBucket(options.Rates.Chat, time)));
        lock (_lock)
        {
            _sessions.AddLast(session);
            if (_sessions.Count > Most) _sessions.RemoveFirst();
        }

        return secret;
    }

    public AdminSession? Find(string? secret)
    {
        if (string.IsNullOrEmpty(secret)) return null;
        AdminSession? found = null;
        var now = time.GetUtcNow();
        lock (_lock)
        {
            foreach (var session in _sessions)
            {
                if (Secret.Matches(secret, session.SecretHash) && now < session.EndsAt) found = session;
            }
        }

        return found;
    }

    public void End(AdminSession session)
    {
        lock (_lock) _sessions.Remove(session);
    }

    /// <summary>The password is another one now: who came in by the old one is out.</summary>
    public void EndOthers(AdminSession? but)
    {
        lock (_lock)
        {
            _sessions.Clear();
            if (but is not null) _sessions.AddLast(but);
        }
    }
}

/// <summary>One of them, until its end.</summary>
internal sealed record AdminSession(byte[] SecretHash, DateTimeOffset EndsAt, Caller Caller);
