using Parley.Protocol;

namespace Parley.Client.Meetings;

/// <summary>Waiting for a host (protocol.md §7): the connection stays, and brings the answer.</summary>
internal sealed partial class SessionActor
{
    private bool _isWaiting;

    private void Wait(string message)
    {
        var (early, isClosed) = (_early!, _isClosedEarly);
        EndAttempt();
        _isWaiting = true;
        Log.Waiting(_log, _context.MeetingId);
        _context.Options.OnWaiting?.Invoke(message);
        foreach (var told in early)
        {
            if (_isWaiting) OnAnswer(told);
        }

        if (isClosed && _isWaiting) StopWaiting();
    }

    private void OnAnswer(HubEvent told)
    {
        switch (told.Argument)
        {
            case Admitted { ResumeToken.Length: > 0 and <= LongestToken } admitted:
                // Over a connection of its own, as after any other loss: the token is good for that too.
                _token = admitted.ResumeToken;
                DropLink();
                Connect();
                break;
            case TurnedAway away:
                NotLetIn(SessionEndReason.Lost, ServerText.Sentence(away.Message, "You were not let into this meeting."), ErrorCodes.NotAllowed);
                break;
            case MeetingEnded over:
                NotLetIn(SessionEndReason.MeetingEnded, ServerText.Sentence(over.Message, "This meeting has ended."), ErrorCodes.MeetingEnded);
                break;
        }
    }

    /// <summary>The connection is lost, and with it the place in the line: knocks again.</summary>
    private void StopWaiting()
    {
        DropLink();
        ScheduleRetry(TimeSpan.Zero);
    }

    private void NotLetIn(SessionEndReason reason, string message, string code)
    {
        _first.TrySetException(new ParleyException(ParleyError.Refused, message, code));
        End(reason, message);
    }
}
