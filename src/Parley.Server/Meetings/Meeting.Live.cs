using Parley.Protocol;

namespace Parley.Server.Meetings;

/// <summary>The meeting as who administers the server sees it.</summary>
internal sealed partial class Meeting
{
    /// <returns>Null when it is over.</returns>
    public async Task<LiveMeeting?> ReadLiveAsync()
    {
        var asked = await AskAsync(() => Task.FromResult(new Reply<LiveQuestion>(
            new LiveQuestion(Summary, _mode, [.. _places.Select(place => (place.Seen, place.Path))], BeginReading()), null)));
        if (asked.Value is not { } question) return null;
        var media = await AwaitAsync(question.Reading);
        var participants = question.Places.Select(
            place => new LiveParticipant(place.Seen, place.Path, media?.Transports.GetValueOrDefault(place.Seen.Id)));
        return new LiveMeeting(question.Summary, question.Mode, media?.Rtp ?? NoRtp, [.. participants]);
    }

    /// <summary>Figures that cannot be had are not shown; who is there is.</summary>
    private async Task<MediaSnapshot?> AwaitAsync(Task<MediaSnapshot> reading)
    {
        try
        {
            return await reading.WaitAsync(LongestAnswer, _context.Time);
        }
        catch (Exception e)
        {
            Log.MediaFailed(_context.Logger, e, Id);
            return null;
        }
    }

    private sealed record LiveQuestion(MeetingSummary Summary, ModeState Mode, (Participant Seen, PathReport? Path)[] Places, Task<MediaSnapshot> Reading);
}
