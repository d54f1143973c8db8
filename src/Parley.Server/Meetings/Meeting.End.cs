using Parley.Protocol;

namespace Parley.Server.Meetings;

/// <summary>The end.</summary>
internal sealed partial class Meeting
{
    private async Task<Reply<bool>> Cancel(string? secret, Place? by)
    {
        if (!Secret.Matches(secret, _identity.CreatorSecretHash)) return Refusal.SecretWrong.As<bool>();
        var name = by?.Name ?? _identity.CreatedBy;
        // Unlike other ends this is one a person was promised: without it on disk the meeting goes on. It ends all stays too.
        await _context.Records.MeetingEndedAsync(Id, EndReason.Cancelled, name, _context.Now);
        Finish(EndReason.Cancelled, name);
        return new Reply<bool>(true, null);
    }

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

        _context.Metrics.Participants.Add(-_places.Count);
        _context.Metrics.Meetings.Add(-1);
        _places.Clear();
        _unused?.Dispose();
        StopMode();
        CloseMedia();
        Log.Ended(_context.Logger, Id, reason);
        _onEnded(this);
        _mailbox.Complete();
    }
}
