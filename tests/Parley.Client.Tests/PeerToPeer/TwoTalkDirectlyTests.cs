using Parley.Browser.Harness;
using Parley.Client.Tests.Meetings;
using Parley.Protocol;

namespace Parley.Client.Tests.PeerToPeer;

/// <summary>The C# participants of a whole server: what their apps hear and see while the way of the media changes.</summary>
public sealed class TwoTalkDirectlyTests
{
    /// <summary>Loose: the machine is shared. The figures of a run are in its output.</summary>
    private static readonly TimeSpan LongestGap = TimeSpan.FromMilliseconds(500);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Sound_and_pictures_go_on_through_both_hand_overs()
    {
        await using var live = await LiveServer.StartWithMediaAsync("Parley:PeerToPeer:CalmSeconds=1");
        using var server = live.Connect();
        var meeting = await server.CreateMeetingAsync("Two", "Ada", Cancellation);
        await using var ada = await Guest.JoinAsync(live, meeting.Id, "Ada", 440);
        await using var ben = await Guest.JoinAsync(live, meeting.Id, "Ben", 660);
        await Task.WhenAll(ada.LooksAt(ben), ben.LooksAt(ada));
        await Task.WhenAll(ada.SeesAndHears(ben), ben.SeesAndHears(ada));
        await Task.WhenAll(ada.Goes(MeetingMode.PeerToPeer), ben.Goes(MeetingMode.PeerToPeer));
        await Task.WhenAll(ada.SeesAndHears(ben), ben.SeesAndHears(ada));
        Report("to the link", ada, ben);
        Assert.Equal(MeetingMode.PeerToPeer, ada.Session.GetMediaStatistics()!.Way);

        Forget(ada, ben);
        await using (var cyd = await Guest.JoinAsync(live, meeting.Id, "Cyd", 880))
        {
            await Task.WhenAll(ada.LooksAt(ben, cyd), ben.LooksAt(ada, cyd), cyd.LooksAt(ada, ben));
            await Task.WhenAll(ada.Goes(MeetingMode.Server), ben.Goes(MeetingMode.Server));
            await Task.WhenAll(ada.SeesAndHears(ben), ben.SeesAndHears(ada), cyd.SeesAndHears(ada), ada.SeesAndHears(cyd));
            Report("to the server", ada, ben);
            var statistics = await server.GetStatisticsAsync(meeting.Id, meeting.CreatorSecret, Cancellation);
            Assert.Equal(["Ada", "Ben", "Cyd"], statistics.Participants.Select(participant => participant.Name).Order());
            Assert.All(statistics.Participants, participant => Assert.True(participant.Transport is { Rtp: { Received.Packets: > 0, Sent.Packets: > 0 }, Path.Pictures: 2 }, $"{participant}"));
            Forget(ada, ben);
        }

        await Task.WhenAll(ada.Goes(MeetingMode.PeerToPeer), ben.Goes(MeetingMode.PeerToPeer));
        await Task.WhenAll(ada.SeesAndHears(ben), ben.SeesAndHears(ada));
        Report("to the link again", ada, ben);
    }

    [Fact]
    public async Task Who_is_muted_from_the_start_is_heard_and_seen_when_they_begin_over_the_link()
    {
        await using var live = await LiveServer.StartWithMediaAsync();
        using var server = live.Connect();
        var meeting = await server.CreateMeetingAsync("Two", "Ada", Cancellation);
        await using var ada = await Guest.JoinAsync(live, meeting.Id, "Ada", 440, mic: false, camera: false);
        await using var ben = await Guest.JoinAsync(live, meeting.Id, "Ben", 660, mic: false, camera: false);
        await Task.WhenAll(ada.LooksAt(ben), ben.LooksAt(ada));
        await Task.WhenAll(ada.Goes(MeetingMode.PeerToPeer), ben.Goes(MeetingMode.PeerToPeer));
        var path = await server.GetPathAsync(meeting.Id, meeting.CreatorSecret, Cancellation);
        await Task.WhenAll(ada.Session.SetMediaAsync(true, true, Cancellation), ben.Session.SetMediaAsync(true, true, Cancellation));
        await Task.WhenAll(ada.SeesAndHears(ben), ben.SeesAndHears(ada));

        // The server had no part in it.
        var after = await server.GetPathAsync(meeting.Id, meeting.CreatorSecret, Cancellation);
        Assert.Equal((path.Media.PacketsReceived, path.Media.BytesReceived), (after.Media.PacketsReceived, after.Media.BytesReceived));
        Assert.Equal(MeetingMode.PeerToPeer, after.Mode.Mode);
    }

    [Fact]
    public async Task The_link_goes_on_while_the_server_cannot_be_reached_and_is_kept_when_it_can()
    {
        await using var live = await LiveServer.StartWithMediaAsync();
        await using var line = new Line(live.Address);
        using var server = live.Connect();
        var meeting = await server.CreateMeetingAsync("Two", "Ada", Cancellation);
        await using var ada = await Guest.JoinAsync(live, meeting.Id, "Ada", 440, line);
        await using var ben = await Guest.JoinAsync(live, meeting.Id, "Ben", 660, line);
        await Task.WhenAll(ada.LooksAt(ben), ben.LooksAt(ada));
        await Task.WhenAll(ada.Goes(MeetingMode.PeerToPeer), ben.Goes(MeetingMode.PeerToPeer));
        await Task.WhenAll(ada.SeesAndHears(ben), ben.SeesAndHears(ada));
        Forget(ada, ben);
        var linkId = ada.Session.Link!.LinkId;
        line.Cut();
        await Eventually.Holds("both are away", () => Task.FromResult((ada.Session.State, ben.Session.State)), now => now is (Client.Meetings.SessionState.Reconnecting, Client.Meetings.SessionState.Reconnecting));
        await Task.WhenAll(ada.SeesAndHears(ben), ben.SeesAndHears(ada));
        line.Mend();
        await Eventually.Holds("both are back", () => Task.FromResult((ada.Session.State, ben.Session.State)), now => now is (Client.Meetings.SessionState.Joined, Client.Meetings.SessionState.Joined));
        await Task.WhenAll(ada.SeesAndHears(ben), ben.SeesAndHears(ada));
        await Task.WhenAll(ada.Goes(MeetingMode.PeerToPeer), ben.Goes(MeetingMode.PeerToPeer));
        Assert.Equal(linkId, ada.Session.Link!.LinkId);
        Report("without the server", ada, ben);
    }

    [Fact]
    public async Task A_server_that_restarts_gets_its_meeting_back_from_the_link()
    {
        await using var live = await LiveServer.StartWithMediaAsync();
        using var server = live.Connect();
        var meeting = await server.CreateMeetingAsync("Two", "Ada", Cancellation);
        await using var ada = await Guest.JoinAsync(live, meeting.Id, "Ada", 440);
        await using var ben = await Guest.JoinAsync(live, meeting.Id, "Ben", 660);
        await Task.WhenAll(ada.LooksAt(ben), ben.LooksAt(ada));
        await Task.WhenAll(ada.Goes(MeetingMode.PeerToPeer), ben.Goes(MeetingMode.PeerToPeer));
        await Task.WhenAll(ada.SeesAndHears(ben), ben.SeesAndHears(ada));
        Forget(ada, ben);
        var linkId = ada.Session.Link!.LinkId;
        await live.StopAsync();
        await Task.WhenAll(ada.SeesAndHears(ben), ben.SeesAndHears(ada));
        await live.StartAsync();
        await Eventually.Holds("both are back", () => Task.FromResult((ada.Session.State, ben.Session.State)), now => now is (Client.Meetings.SessionState.Joined, Client.Meetings.SessionState.Joined));
        await Eventually.Holds("a new link", () => Task.FromResult(ada.Session.Link?.LinkId), now => now is not null && now != linkId, TimeSpan.FromSeconds(40));
        await Task.WhenAll(ada.Goes(MeetingMode.PeerToPeer), ben.Goes(MeetingMode.PeerToPeer));
        await Task.WhenAll(ada.SeesAndHears(ben), ben.SeesAndHears(ada));
        Report("through a restart of the server", ada, ben);
    }

    [Fact]
    public async Task Who_wants_the_server_keeps_the_other_on_it()
    {
        await using var live = await LiveServer.StartWithMediaAsync();
        using var server = live.Connect();
        var meeting = await server.CreateMeetingAsync("Two", "Ada", Cancellation);
        await using var ada = await Guest.JoinAsync(live, meeting.Id, "Ada", 440, peerToPeer: false);
        await using var ben = await Guest.JoinAsync(live, meeting.Id, "Ben", 660);
        await Task.WhenAll(ada.LooksAt(ben), ben.LooksAt(ada));
        await Task.WhenAll(ada.SeesAndHears(ben), ben.SeesAndHears(ada));
        Assert.Equal((MeetingMode.Server, ModeReason.NotAble), (ben.Session.Mode.Mode, ben.Session.Mode.Reason));
        Assert.Null(ben.Session.Link);
    }

    private static void Forget(params Guest[] guests)
    {
        foreach (var guest in guests) guest.Witness.Forget();
    }

    private static void Report(string when, Guest one, Guest other)
    {
        TestContext.Current.TestOutputHelper!.WriteLine($"{when}: {one.Witness.Say(other.Id)}; {other.Witness.Say(one.Id)}");
        foreach (var (guest, seen) in new[] { (one, other), (other, one) })
        {
            Assert.InRange(guest.Witness.LongestSilence, TimeSpan.Zero, LongestGap);
            Assert.InRange(guest.Witness.LongestDarkness(seen.Id), TimeSpan.Zero, LongestGap);
            Assert.Equal((0, 0), guest.Witness.Faults);
        }
    }
}
