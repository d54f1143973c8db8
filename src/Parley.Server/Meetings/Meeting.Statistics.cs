using Parley.Protocol;

namespace Parley.Server.Meetings;

/// <summary>What the media plane counts of the meeting and its participants.</summary>
internal sealed partial class Meeting
{
    private static readonly RtpStatistics NoRtp =
        new(new ReceivedStatistics(0, 0, 0, 0, 0, 0), new SentStatistics(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), new Dictionary<string, long>());

    /// <summary>The media plane is asked in the mailbox, and answers outside of it.</summary>
    private Reply<StatisticsQuestion> AskForStatistics(string? secret)
    {
        // Who is connected how well is nobody's business outside; inside, everybody's own, and all of it of who made the meeting.
        var isCreator = Secret.Matches(secret, _identity.CreatorSecretHash);
        var own = isCreator ? null : FindByToken(secret);
        if (!isCreator && own is null) return Refusal.StatisticsForbidden.As<StatisticsQuestion>();
        var names = _places.Where(place => isCreator || place == own).Select(place => (place.Id, place.Name)).ToArray();
        Task<MediaSnapshot> reading;
        try
        {
            reading = _media?.ReadAsync() ?? Task.FromResult(new MediaSnapshot(_context.Now, null, NoRtp, new Dictionary<string, TransportStatistics>()));
        }
        catch (Exception e)
        {
            reading = Task.FromException<MediaSnapshot>(e);
        }

        return new Reply<StatisticsQuestion>(new StatisticsQuestion(names, reading), null);
    }

    private async Task<Reply<MeetingStatistics>> ReadAsync(StatisticsQuestion question)
    {
        try
        {
            var media = await question.Reading.WaitAsync(LongestAnswer, _context.Time);
            var participants = question.Names.Select(name => new ParticipantStatistics(name.Id, name.Name, media.Transports.GetValueOrDefault(name.Id)));
            return new Reply<MeetingStatistics>(new MeetingStatistics(Id, media.At, media.Delay, media.Rtp, [.. participants]), null);
        }
        catch (Exception e)
        {
            Log.MediaFailed(_context.Logger, e, Id);
            return Refusal.MediaUnavailable.As<MeetingStatistics>();
        }
    }

    /// <param name="Names">Whose figures may be told.</param>
    /// <param name="Reading">All of them.</param>
    private sealed record StatisticsQuestion((string Id, string Name)[] Names, Task<MediaSnapshot> Reading);
}
