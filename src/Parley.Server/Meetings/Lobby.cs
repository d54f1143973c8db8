using Parley.Protocol;

namespace Parley.Server.Meetings;

/// <summary>Who waits for a host, in order, and who was let in and has not come yet. Only the meeting's mailbox touches it.</summary>
internal sealed class Lobby
{
    private readonly List<Knock> _knocks = [];
    private readonly List<Admission> _admissions = [];

    public IReadOnlyList<Knock> Knocks => _knocks;

    /// <summary>Places that are promised.</summary>
    public int Promised => _admissions.Count;

    public LobbyChanged Seen => new([.. _knocks.Select(knock => knock.Seen)]);

    public void Add(Knock knock) => _knocks.Add(knock);

    /// <summary>Whether somebody waited over that connection.</summary>
    public bool Remove(IParticipantLink link) => _knocks.RemoveAll(knock => knock.Link == link) > 0;

    /// <summary>Promises a place to who waits, until <paramref name="expiry"/> says otherwise.</summary>
    /// <returns>The resume token of that place.</returns>
    public string Admit(Knock knock, Func<Admission, ITimer> expiry)
    {
        var token = Secret.Create();
        var admission = new Admission(Secret.Hash(token), knock.Name);
        admission.Expiry = expiry(admission);
        _admissions.Add(admission);
        Remove(knock.Link);
        return token;
    }

    public Admission? Find(string? token)
    {
        Admission? found = null;
        foreach (var admission in _admissions)
        {
            if (Secret.Matches(token, admission.TokenHash)) found = admission;
        }

        return found;
    }

    /// <summary>The place was taken, or nobody came for it.</summary>
    public void Forget(Admission admission)
    {
        admission.Expiry?.Dispose();
        _admissions.Remove(admission);
    }

    public void Clear()
    {
        foreach (var admission in _admissions) admission.Expiry?.Dispose();
        _admissions.Clear();
        _knocks.Clear();
    }
}

/// <summary>One who waits, with the way to them.</summary>
internal sealed record Knock(string Id, string Name, DateTimeOffset Since, IParticipantLink Link)
{
    public Waiting Seen => new(Id, Name, Since);
}

/// <summary>A place that is kept for who was let in: for the holder of a token, under the name that a host has seen.</summary>
internal sealed class Admission(byte[] tokenHash, string name)
{
    public byte[] TokenHash => tokenHash;

    public string Name => name;

    public ITimer? Expiry { get; set; }
}
