namespace Parley.Terminal.Join.Room;

/// <summary>What was said and what happened, in order; the last thousand of it.</summary>
internal sealed class Transcript
{
    public const int Kept = 1000;

    private Queue<TranscriptEntry> _entries = new();

    /// <summary>How many there ever were.</summary>
    public long Total { get; private set; }

    /// <summary>Those kept, oldest first.</summary>
    public IReadOnlyCollection<TranscriptEntry> Entries => _entries;

    public void Add(TranscriptEntry entry)
    {
        if (_entries.Count == Kept) _entries.Dequeue();
        _entries.Enqueue(entry);
        Total++;
    }

    /// <summary>Puts another text in the place of a message, if it is still kept.</summary>
    public void Replace(string messageId, string text) =>
        _entries = new Queue<TranscriptEntry>(_entries.Select(entry => entry.MessageId == messageId ? entry with { Text = text } : entry));

    /// <summary>Those that came after there were <paramref name="total"/>.</summary>
    public IEnumerable<TranscriptEntry> Since(long total) => _entries.Skip((int)Math.Max(_entries.Count - (Total - total), 0));
}
