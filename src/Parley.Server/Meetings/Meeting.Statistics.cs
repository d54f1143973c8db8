using Parley.Protocol;

namespace Parley.Server.Meetings;

/// <summary>What the media plane counts of the meeting and its participants.</summary>
internal sealed partial class Meeting
{
    private static readonly RtpStatistics NoRtp =
        new(new ReceivedStatistics(0, 0, 0, 0, 0, 0), new SentStatistics(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), new Dictionary<string, long>());

    /// <summary>The media plane is asked in the mailbox, and answers outside of it.</summary>
    private Reply<StatisticsQuestion> AskForStatistics(Asker asker)
    {
        // Who is connected how well is nobody's business outside; inside, everybody's own, and all of it of who runs the meeting.
        var own = FindByToken(asker.Secret);
        var isHost = asker.MayAll || own?.Role == Role.Host || Secret.Matches(asker.Secret, _identity.CreatorSecretHash);
        if (!isHost && own is null) return Refusal.ReadingForbidden.As<StatisticsQuestion>();
        var names = _places.Where(place => isHost || place == own).Select(place => (place.Id, place.Name)).ToArray();
        return new Reply<StatisticsQuestion>(new StatisticsQuestion(names, BeginReading()), null);
    }

    private Task<MediaSnapshot> BeginReading()
    {
        try
        {
            return _media?.ReadAsync() ?? Task.FromResult(new MediaSnapshot(_context.Now, null, NoRtp, new Dictionary<string, TransportStatistics>()));
        }
        catch (Exception e)
        {
            return Task.FromException<MediaSnapshot>(e);
        }
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
