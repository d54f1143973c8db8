using Parley.Protocol;

namespace Parley.Client.Meetings;

/// <summary>A call that somebody waits for, over any number of connections: each may be made twice without harm.</summary>
internal abstract class PendingCall
{
    /// <summary>How often a connection may be lost under a call before it is taken for the cause.</summary>
    private const int MostLosses = 5;

    private int _losses;

    /// <summary>It was on its way when a connection was lost: the server may have done it.</summary>
    public bool MayBeDone => _losses > 0;

    /// <summary>Nobody waits any more.</summary>
    public abstract bool IsOver { get; }

    /// <summary>What it is about, to know it again.</summary>
    public string? Tag { get; init; }

    /// <summary>It asks for the end of the meeting, which may come before its reply.</summary>
    public bool EndsMeeting { get; init; }

    /// <summary>Makes the call. What is thrown means a lost connection; else the step to take in the mailbox.</summary>
    public abstract Task<Action> SendAsync(IHubLink link, CancellationToken cancellation);

    public abstract void Fail(Exception why);

    /// <summary>The session is over.</summary>
    /// <returns>Whether that is just what the call asked for.</returns>
    public abstract bool SucceedsByEnd(SessionEndReason reason);

    /// <returns>Whether it should be tried again.</returns>
    public bool Lose() => ++_losses < MostLosses;
}

/// <param name="method">Of protocol.md §4.</param>
/// <param name="arguments">Its arguments.</param>
/// <param name="accepted">Run in the mailbox before who waits goes on.</param>
/// <param name="refused">Likewise.</param>
internal sealed class PendingCall<T>(string method, object?[] arguments, Action<T>? accepted = null, Action? refused = null) : PendingCall
{
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<T> Done => _done.Task;

    public override bool IsOver => _done.Task.IsCompleted;

    public override async Task<Action> SendAsync(IHubLink link, CancellationToken cancellation)
    {
        var reply = await link.CallAsync<T>(method, arguments, cancellation).ConfigureAwait(false);
        return () => Settle(reply);
    }

    public override void Fail(Exception why)
    {
        refused?.Invoke();
        _done.TrySetException(why);
    }

    /// <summary>It is done, as another way has told.</summary>
    public void Accept(T value)
    {
        accepted?.Invoke(value);
        _done.TrySetResult(value);
    }

    public override bool SucceedsByEnd(SessionEndReason reason) =>
        EndsMeeting && reason == SessionEndReason.MeetingEnded && _done.TrySetResult(default!);

    /// <summary>Nobody waits any more; what is on its way may still happen.</summary>
    public void Abandon(CancellationToken cancellation) => _done.TrySetCanceled(cancellation);

    private void Settle(Reply<T> reply)
    {
        if (reply is { Error: null, Value: { } value }) Accept(value);
        else Fail(Refusals.Of(reply.Error));
    }
}
