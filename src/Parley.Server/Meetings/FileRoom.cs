namespace Parley.Server.Meetings;

/// <summary>How many files a meeting has and how large they are together, with those on their way. Only its mailbox touches it.</summary>
internal sealed class FileRoom(FilesOptions options)
{
    /// <summary>Of one participant at one time.</summary>
    public const int MostIncoming = 3;

    private readonly HashSet<IncomingFile> _incoming = [];
    private int _count;
    private long _bytes;

    public bool HasPlaceFor(long size) =>
        _count + _incoming.Count < options.PerMeeting
        && _bytes + _incoming.Sum(file => file.Offer.Size) + size <= options.BytesPerMeeting;

    public bool IsBusy(string participantId) => _incoming.Count(file => file.ParticipantId == participantId) >= MostIncoming;

    public void Begin(IncomingFile file) => _incoming.Add(file);

    /// <summary>It is there, or will not come.</summary>
    public void End(IncomingFile file) => _incoming.Remove(file);

    public void Add(long size) => Add(1, size);

    public void Add(int count, long bytes)
    {
        _count += count;
        _bytes += bytes;
    }

    public void Remove(long size) => Add(-1, -size);
}
