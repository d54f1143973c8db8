using Parley.Protocol;

namespace Parley.Server.Meetings;

/// <summary>The end.</summary>
internal sealed partial class Meeting
{
    private async Task<Reply<bool>> Cancel(string by)
    {
        // Unlike other ends this is one a person was promised: without it on disk the meeting goes on. It ends all stays too.
        await _context.Records.MeetingEndedAsync(Id, EndReason.Cancelled, by, _context.Now);
        Finish(EndReason.Cancelled, by);
        return new Reply<bool>(true, null);
    }

    /// <summary>Of a closed meeting they learn no name.</summary>
    public ProtocolError WhyOverForStrangers(MeetingEnded ended) => Refusal.MeetingEnded(ended.Reason, _rules.IsClosed ? null : ended.By);

    private async Task EndAsync(EndReason reason, string? by)
    {
        if (_ended is not null || _stopping) return;
        await TryRecordAsync(() => _context.Records.MeetingEndedAsync(Id, reason, by, _context.Now));
        Finish(reason, by);
    }

    private void Finish(EndReason reason, string? by)
    {
        var ended = new MeetingEnded(reason, by, Refusal.EndSentence(reason, by));
        _ended = ended;
        foreach (var place in _places)
        {
            place.StopGrace();
            place.Link?.Send(MeetingEvents.MeetingEnded, ended);
            place.Link?.Close();
        }

        // Who waits does not learn a name even now.
        var shut = new MeetingEnded(reason, null, Refusal.EndSentence(reason, null));
        foreach (var knock in _lobby.Knocks)
        {
            knock.Link.Send(MeetingEvents.MeetingEnded, shut);
            knock.Link.Close();
        }

        _context.Metrics.Participants.Add(-_places.Count);
        _context.Metrics.Meetings.Add(-1);
        _places.Clear();
        StopWaiting();
        StopMode();
        CloseMedia();
        Log.Ended(_context.Logger, Id, reason);
        _onEnded(this);
        _mailbox.Complete();
    }
}
