using System.Threading.Channels;
using Parley.Client.Meetings;
using Parley.Server.Tests.Meetings;

namespace Parley.Client.Tests.Meetings;

/// <summary>Reads a session's events as a test wants them.</summary>
internal sealed class EventReader
{
    private readonly IAsyncEnumerator<MeetingEvent> _events;

    public EventReader(MeetingSession session) =>
        _events = session.ReadEventsAsync(TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);

    /// <summary>The next one of all.</summary>
    public async Task<MeetingEvent> NextAsync() =>
        await _events.MoveNextAsync().AsTask().Soon() ? _events.Current : throw new ChannelClosedException();

    /// <summary>The next of this kind; others before it are passed over.</summary>
    public async Task<T> UntilAsync<T>(Predicate<T>? isIt = null) where T : MeetingEvent
    {
        while (true)
        {
            if (await NextAsync() is T wanted && (isIt is null || isIt(wanted))) return wanted;
        }
    }

    /// <summary>Everything up to the end.</summary>
    public async Task<IReadOnlyList<MeetingEvent>> RestAsync()
    {
        var all = new List<MeetingEvent>();
        while (await _events.MoveNextAsync().AsTask().Soon()) all.Add(_events.Current);
        return all;
    }
}
