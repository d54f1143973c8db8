namespace Parley.Client.Meetings;

/// <summary>
/// Calls in the order they were asked for, one on its way at a time. What was on its way when the connection was lost is made
/// again on the next. Used from the session's mailbox alone.
/// </summary>
/// <param name="post">Runs a step in the mailbox.</param>
/// <param name="onLost">The connection was found lost by a call on it.</param>
/// <param name="time">The clock.</param>
internal sealed class PendingCalls(Action<Action> post, Action<IHubLink> onLost, TimeProvider time)
{
    private const int Most = 1_000;

    /// <summary>A server that pings but does not answer is as good as gone.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly LinkedList<PendingCall> _calls = [];
    private IHubLink? _link;
    private PendingCall? _sent;

    public void Add(PendingCall call)
    {
        if (_calls.Count >= Most)
        {
            call.Fail(new ParleyException(ParleyError.Lost, "Too much waits to be sent: the server does not keep up, or is away."));
            return;
        }

        _calls.AddLast(call);
        Pump();
    }

    /// <summary>There is a connection inside the meeting.</summary>
    public void Resume(IHubLink link)
    {
        _link = link;
        Pump();
    }

    public void Pause()
    {
        _link = null;
        if (_sent is not { } call) return;
        _sent = null;
        if (call.Lose()) return;
        _calls.Remove(call);
        call.Fail(new ParleyException(ParleyError.Lost, "The connection is lost each time this is sent; it was given up."));
    }

    /// <summary>Settles calls that may have been done before a connection was lost, where what came of it is known.</summary>
    public void Settle<T>(Func<PendingCall<T>, bool> settle)
    {
        foreach (var call in _calls.OfType<PendingCall<T>>().Where(call => call.MayBeDone).ToList())
        {
            if (settle(call)) _calls.Remove(call);
        }
    }

    public void FailAll(Func<PendingCall, Exception?> why)
    {
        foreach (var call in _calls)
        {
            if (why(call) is { } exception) call.Fail(exception);
        }

        _calls.Clear();
        _link = null;
        _sent = null;
    }

    private void Pump()
    {
        while (_link is { } link && _sent is null && _calls.First is { } first)
        {
            if (first.Value.IsOver)
            {
                _calls.RemoveFirst();
                continue;
            }

            _sent = first.Value;
            _ = SendAsync(first.Value, link);
        }
    }

    private async Task SendAsync(PendingCall call, IHubLink link)
    {
        try
        {
            using var patience = new CancellationTokenSource(Patience, time);
            var settle = await call.SendAsync(link, patience.Token).ConfigureAwait(false);
            post(() => OnReply(call, settle));
        }
        catch (Exception)
        {
            post(() => onLost(link));
        }
    }

    private void OnReply(PendingCall call, Action settle)
    {
        // The reply may be that of a connection which is gone meanwhile: it counts all the same.
        _calls.Remove(call);
        if (!call.IsOver) settle();
        if (_sent == call) _sent = null;
        Pump();
    }
}
