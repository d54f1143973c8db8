namespace Parley.Server.Meetings;

/// <summary>How far a link between two participants is.</summary>
internal enum PeerLinkStage
{
    /// <summary>The two connect; the server carries their media.</summary>
    Connecting,

    /// <summary>Both receive over it: the meeting is peer to peer.</summary>
    Live,

    /// <summary>They go back to the server, and use it until they have.</summary>
    Draining,
}

/// <summary>A link between two participants as the server knows it. Only the meeting's mailbox touches it.</summary>
/// <param name="id">Told to the two and to nobody else.</param>
/// <param name="offerer">Who makes the offers.</param>
/// <param name="answerer">Null until the second end of a link of before a restart names it.</param>
internal sealed class PeerLink(string id, string offerer, string? answerer, PeerLinkStage stage, DateTimeOffset since)
{
    /// <summary>Descriptions, candidates and restarts passed on at most, both ways together.</summary>
    private const int MostSignals = 300;

    private readonly HashSet<string> _reported = new(StringComparer.Ordinal);
    private string? _answerer = answerer;
    private int _signals;

    public string Id => id;

    public PeerLinkStage Stage { get; private set; } = stage;

    /// <summary>When the stage began.</summary>
    public DateTimeOffset Since { get; private set; } = since;

    public string Offerer => offerer;

    public string? Answerer => _answerer;

    /// <summary>Both ends have reported what this stage waits for.</summary>
    public bool BothReported => _answerer is not null && _reported.Count == 2;

    public bool Joins(string participantId) => participantId == offerer || participantId == _answerer;

    /// <summary>The other end, or null.</summary>
    public string? PeerOf(string participantId) =>
        participantId == offerer ? _answerer : participantId == _answerer ? offerer : null;

    /// <summary>One end is ready (while connecting) or has released it (while draining).</summary>
    public void Report(string participantId) => _reported.Add(participantId);

    public void Become(PeerLinkStage next, DateTimeOffset now)
    {
        Stage = next;
        Since = now;
        _reported.Clear();
    }

    /// <summary>The second end of a link that the server did not know.</summary>
    public void Adopt(string participantId) => _answerer ??= participantId;

    public bool TrySignal() => _signals++ < MostSignals;
}
