using Parley.Protocol;
using Parley.Server.Meetings;

namespace Parley.Server.Tests.Meetings;

/// <summary>Who may read what is counted, and what they are told.</summary>
public sealed class StatisticsTests
{
    private static readonly RtpStatistics Rtp = new(
        new ReceivedStatistics(1, 2, 3, 4, 5, 6), new SentStatistics(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12), new Dictionary<string, long> { ["srtp"] = 3 });

    private static readonly PathStatistics Path = new(12, 300, 900, 250, 3, 1, 1, 2, 40);

    private readonly MeetingFixture _server = new();

    [Fact]
    public async Task The_creator_reads_all_and_a_participant_their_own()
    {
        var (meeting, secret, ada, ben) = await MeetAsync();
        var of = new TransportStatistics(_server.Time.GetUtcNow(), Rtp, Path);
        var delay = new DelayStatistics(0.1, 0.5, 2);
        var at = _server.Time.GetUtcNow() + TimeSpan.FromSeconds(1);
        _server.Media.Meetings[meeting.Id].Snapshot = Task.FromResult(
            new MediaSnapshot(at, delay, Rtp, new Dictionary<string, TransportStatistics> { [ada.Id] = of, ["gone"] = of }));

        var all = (await meeting.ReadStatisticsAsync(new Asker(secret)).Soon()).Value!;
        Assert.Equal((meeting.Id, at, delay, Rtp), (all.Id, all.At, all.Delay, all.Rtp));
        Assert.Equal([new ParticipantStatistics(ada.Id, "Ada", of), new ParticipantStatistics(ben.Id, "Ben", null)], all.Participants);
        var own = (await meeting.ReadStatisticsAsync(new Asker(ada.Joined.ResumeToken)).Soon()).Value!;
        Assert.Equal((delay, Rtp), (own.Delay, own.Rtp));
        Assert.Equal([new ParticipantStatistics(ada.Id, "Ada", of)], own.Participants);
    }

    [Fact]
    public async Task Nobody_else_reads_anything()
    {
        var (meeting, _, ada, _) = await MeetAsync();
        var (_, elsewhere, _, stranger) = await MeetAsync();
        foreach (var secret in new[] { null, "", "wrong", elsewhere, stranger.Joined.ResumeToken, ada.Id, meeting.Id })
            Assert.Equal(ErrorCodes.SecretWrong, (await meeting.ReadStatisticsAsync(new Asker(secret)).Soon()).Error?.Code);

        // Nor somebody who has left.
        await meeting.LeaveAsync(ada.Link);
        Assert.Equal(ErrorCodes.SecretWrong, (await meeting.ReadStatisticsAsync(new Asker(ada.Joined.ResumeToken)).Soon()).Error?.Code);
    }

    [Fact]
    public async Task Without_media_there_is_nothing_to_count_and_a_media_plane_that_fails_or_hangs_is_no_fault_of_the_meeting()
    {
        await _server.StartAsync();
        var (meeting, secret) = await _server.CreateAsync();
        var ada = await Guest.JoinAsync(meeting, "Ada");
        var none = (await meeting.ReadStatisticsAsync(new Asker(secret)).Soon()).Value!;
        Assert.Equal((null, 0L, 0L), (none.Delay, none.Rtp.Received.Packets, none.Rtp.Sent.Packets));
        Assert.Equal([new ParticipantStatistics(ada.Id, "Ada", null)], none.Participants);

        await meeting.OfferAsync(ada.Link, "v=0");
        Assert.Equal(ErrorCodes.MediaUnavailable, (await meeting.ReadStatisticsAsync(new Asker(secret)).Soon()).Error?.Code);

        _server.Media.Meetings[meeting.Id].Snapshot = new TaskCompletionSource<MediaSnapshot>().Task;
        var waiting = meeting.ReadStatisticsAsync(new Asker(secret));
        Assert.NotNull((await meeting.ReadPathAsync(new Asker(null)).Soon()).Value);
        while (!waiting.IsCompleted)
        {
            _server.Time.Advance(TimeSpan.FromSeconds(10));
            await Task.Yield();
        }

        Assert.Equal(ErrorCodes.MediaUnavailable, (await waiting).Error?.Code);
    }

    private async Task<(Meeting Meeting, string Secret, Guest Ada, Guest Ben)> MeetAsync()
    {
        if (_server.Directory is null) await _server.StartAsync();
        var (meeting, secret) = await _server.CreateAsync();
        var (ada, ben) = (await Guest.JoinAsync(meeting, "Ada"), await Guest.JoinAsync(meeting, "Ben"));
        await meeting.OfferAsync(ada.Link, "v=0");
        return (meeting, secret, ada, ben);
    }
}
