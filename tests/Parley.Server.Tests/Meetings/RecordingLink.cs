using System.Threading.Channels;
using Parley.Protocol;
using Parley.Server.Meetings;

namespace Parley.Server.Tests.Meetings;

/// <summary>A client's end of the seam, with everything it was sent.</summary>
internal sealed class RecordingLink : IParticipantLink
{
    private readonly Channel<(string Name, object? Argument)> _events = Channel.CreateUnbounded<(string, object?)>();
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool IsClosed { get; set; }

    /// <summary>Done when the meeting closed it.</summary>
    public Task WhenClosed => _closed.Task.Soon();

    /// <summary>Whether news of the mode is kept; most tests are about something else.</summary>
    public bool HearsModes { get; init; }

    public void Send(string name, object? argument)
    {
        if (name == MeetingEvents.ModeChanged && !HearsModes) return;
        Assert.True(_events.Writer.TryWrite((name, argument)));
    }

    public void Close() => _closed.TrySetResult();

    /// <summary>The next event, which must have this name.</summary>
    public async Task<T> NextAsync<T>(string name)
    {
        var (next, argument) = await _events.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().Soon();
        Assert.Equal(name, next);
        return Assert.IsType<T>(argument);
    }

    /// <summary>The next event, which must have this name and no argument.</summary>
    public async Task NextAsync(string name)
    {
        var (next, argument) = await _events.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().Soon();
        Assert.Equal(name, next);
        Assert.Null(argument);
    }

    /// <summary>The argument of the next event of this name; others before it are passed over.</summary>
    public async Task<object?> UntilAsync(string name)
    {
        while (true)
        {
            var (next, argument) = await _events.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().Soon();
            if (next == name) return argument;
        }
    }

    /// <summary>What has come until now and was not read.</summary>
    public IReadOnlyList<(string Name, object? Argument)> Drain()
    {
        var events = new List<(string, object?)>();
        while (_events.Reader.TryRead(out var next)) events.Add(next);
        return events;
    }

    public IReadOnlyList<string> Unread() => [.. Drain().Select(next => next.Name)];
}
