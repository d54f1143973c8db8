using System.Diagnostics.Tracing;

namespace Parley.Media.Tests.Forwarding;

/// <summary>What this thread rented from <see cref="System.Buffers.ArrayPool{T}.Shared"/> and has not given back, by the runtime's own events.</summary>
internal sealed class PoolWatch : EventListener
{
    private const int BufferRented = 1;
    private const int BufferReturned = 3;

    [ThreadStatic]
    private static HashSet<int>? t_out;

    public PoolWatch() => t_out = [];

    /// <summary>How many were rented here.</summary>
    public int Rented { get; private set; }

    /// <summary>Buffers not given back.</summary>
    public static int Missing => t_out!.Count;

    public override void Dispose()
    {
        t_out = null;
        base.Dispose();
    }

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == "System.Buffers.ArrayPoolEventSource") EnableEvents(eventSource, EventLevel.Verbose);
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        // Other tests rent on other threads; the first field of both events is the buffer's id.
        if (t_out is not { } mine || eventData.Payload is not [int buffer, ..]) return;
        if (eventData.EventId == BufferRented)
        {
            Rented++;
            mine.Add(buffer);
        }
        else if (eventData.EventId == BufferReturned) mine.Remove(buffer);
    }
}
