using System.Threading.Channels;
using Parley.Server.Meetings;

namespace Parley.Server.Signalling;

/// <summary>
/// The events on their way to one client, in order. Nothing is sent before <see cref="Open"/>: the reply of the join comes first.
/// A client that lets it fill up is disconnected; it comes back with a snapshot.
/// </summary>
internal sealed class Outbox : IParticipantLink, IAsyncDisposable
{
    /// <summary>Half a minute of a lively meeting of fifty.</summary>
    public const int Capacity = 1024;

    /// <summary>How long a client may take to receive its last events.</summary>
    private static readonly TimeSpan LongestFarewell = TimeSpan.FromSeconds(5);

    private readonly Channel<(string Name, object? Argument)> _events = Channel.CreateBounded<(string, object?)>(
        new BoundedChannelOptions(Capacity) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _discard = new();
    private readonly Func<string, object?, CancellationToken, ValueTask> _send;
    private readonly Action _abort;
    private readonly TimeProvider _time;
    private readonly Task _pump;
    private volatile Task _lastReply = Task.CompletedTask;
    private volatile bool _closing;
    private volatile bool _closed;

    /// <param name="send">Writes one event to the connection; may wait for the client.</param>
    /// <param name="abort">Drops the connection.</param>
    public Outbox(Func<string, object?, CancellationToken, ValueTask> send, Action abort, TimeProvider time)
    {
        _send = send;
        _abort = abort;
        _time = time;
        _pump = PumpAsync();
    }

    public bool IsClosed => _closed;

    public void Open() => _open.TrySetResult();

    public void Send(string name, object? argument)
    {
        if (_closing || _closed || _events.Writer.TryWrite((name, argument))) return;
        // Hopelessly behind. Disposal completes the writer too, but sets the flag first.
        if (!_closed) Drop();
    }

    /// <summary>Keeps <see cref="Close"/> from cutting off a reply that is still to be written.</summary>
    public void AwaitReply(Task written) => _lastReply = written;

    public void Close()
    {
        _closing = true;
        _events.Writer.TryComplete();
        _ = CloseAsync();
    }

    /// <summary>Drops what was not sent yet. After this nothing is sent any more.</summary>
    public async ValueTask DisposeAsync()
    {
        _closed = true;
        _events.Writer.TryComplete();
        await _discard.CancelAsync();
        await _pump;
    }

    private async Task CloseAsync()
    {
        try
        {
            await Task.WhenAll(_pump, _lastReply).WaitAsync(LongestFarewell, _time);
        }
        catch (TimeoutException)
        {
            // It had its time; the rest is lost to a client that does not read.
        }

        if (!_closed) Drop();
    }

    private void Drop()
    {
        _closed = true;
        _abort();
    }

    private async Task PumpAsync()
    {
        try
        {
            await _open.Task.WaitAsync(_discard.Token);

            // The writer's completion ends the wait. With a token of its own each wait would be an object, one for each event to each client: of
            // what a large meeting leaves to the garbage collector the most.
            while (await _events.Reader.WaitToReadAsync(CancellationToken.None))
            {
                while (_events.Reader.TryRead(out var next))
                {
                    _discard.Token.ThrowIfCancellationRequested();
                    await _send(next.Name, next.Argument, _discard.Token);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Discarded: the place was given up, or the connection is gone.
        }
        catch (Exception)
        {
            // The connection broke while it was written to. SignalR logs why; we only make sure that it is gone.
            if (!_closed) Drop();
        }
    }
}
