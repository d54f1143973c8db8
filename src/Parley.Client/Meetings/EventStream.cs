using System.Threading.Channels;

namespace Parley.Client.Meetings;

/// <summary>The events on their way to who reads them. When nobody does, the oldest are dropped, and counted.</summary>
internal sealed class EventStream
{
    public const int Capacity = 4_096;

    private readonly Channel<MeetingEvent> _events;
    private long _dropped;

    public EventStream() => _events = Channel.CreateBounded<MeetingEvent>(
        new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.DropOldest },
        _ => Interlocked.Increment(ref _dropped));

    public long Dropped => Interlocked.Read(ref _dropped);

    public void Write(MeetingEvent what) => _events.Writer.TryWrite(what);

    public void Complete() => _events.Writer.TryComplete();

    public IAsyncEnumerable<MeetingEvent> ReadAsync(CancellationToken cancellation) => _events.Reader.ReadAllAsync(cancellation);
}
