using System.Security.Cryptography;
using Parley.Protocol;
using Parley.Server.Records;

namespace Parley.Server.Meetings;

/// <summary>The tokens of those who were removed, the newest of them: what was void comes in as somebody new at last.</summary>
internal sealed class RemovedTokens
{
    private const int Capacity = RecordReader.UnfinishedRemovals;

    private readonly Queue<RemovedPlace> _removed = new();

    public void Add(RemovedPlace removed)
    {
        if (_removed.Count == Capacity) _removed.Dequeue();
        _removed.Enqueue(removed);
    }

    /// <summary>Why this token does not let in, or null when it is none of these.</summary>
    public ProtocolError? WhyNot(string? token)
    {
        RemovedPlace? found = null;
        foreach (var removed in _removed)
        {
            if (Secret.Matches(token, removed.ResumeTokenHash)) found = removed;
        }

        return found is null ? null : found.IsBarred ? Refusal.Barred : Refusal.Removed;
    }

    /// <summary>Whether who came by this join token, or another of the same bearer, was removed for good.</summary>
    public bool Bars(JoinPass pass) => _removed.Any(removed =>
        removed is { IsBarred: true, BearerHash: { } bearer } && CryptographicOperations.FixedTimeEquals(bearer, pass.BearerHash));
}
