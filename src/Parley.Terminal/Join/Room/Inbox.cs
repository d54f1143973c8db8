using System.Threading.Channels;

namespace Parley.Terminal.Join.Room;

/// <summary>
/// What the thread of a meeting still has to do, in order: events, typed lines, results of calls. Who posts waits while it is
/// full, so a screen or a pipe that is slow slows down its sources instead of filling the memory.
/// </summary>
internal sealed class Inbox
{
    private readonly Channel<Action> _actions = Channel.CreateBounded<Action>(256);

    public async Task PostAsync(Action action)
    {
        try
        {
            await _actions.Writer.WriteAsync(action);
        }
        catch (ChannelClosedException)
        {
            // The meeting is over; nobody needs to know.
        }
    }

    /// <summary>Does what is there.</summary>
    public void Drain()
    {
        while (_actions.Reader.TryRead(out var action)) action();
    }

    /// <returns>False once it is closed and empty.</returns>
    public ValueTask<bool> WaitAsync(CancellationToken cancellation) => _actions.Reader.WaitToReadAsync(cancellation);

    public void Close() => _actions.Writer.TryComplete();
}
