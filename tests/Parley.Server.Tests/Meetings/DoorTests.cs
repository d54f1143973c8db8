using Parley.Protocol;
using Parley.Server.Meetings;

namespace Parley.Server.Tests.Meetings;

/// <summary>Lock, passcode, times and capacity: who comes in, and when.</summary>
public sealed class DoorTests
{
    private static readonly CreateMeeting Plain = new("Weekly", "Ada");

    private readonly MeetingFixture _server = new();
    private Meeting _meeting = null!;
    private string _secret = "";

    [Fact]
    public async Task A_locked_meeting_takes_back_who_has_a_place_and_the_creator_and_nobody_else()
    {
        await OpenAsync(Plain);
        var ada = await Guest.JoinAsync(_meeting, "Ada", secret: _secret);
        var bob = await Guest.JoinAsync(_meeting, "Bob");
        Assert.Null((await _meeting.ChangeSettingsAsync(ada.Link, new SettingsChange(Locked: true))).Error);
        Assert.Equal(ErrorCodes.MeetingLocked, await Guest.WhyNotJoinedAsync(_meeting, "Eve"));
        _meeting.Disconnected(bob.Link);
        Assert.True((await Guest.JoinAsync(_meeting, "Bob", token: bob.Joined.ResumeToken)).Joined.Resumed);
        await Guest.JoinAsync(_meeting, "Ada's telephone", secret: _secret);
        await _meeting.ChangeSettingsAsync(ada.Link, new SettingsChange(Locked: false));
        await Guest.JoinAsync(_meeting, "Eve");
        Assert.Equal([HostActionKind.Locked, HostActionKind.Unlocked], await _server.ActionsAsync(_meeting.Id));
    }

    [Fact]
    public async Task A_passcode_is_needed_by_who_is_new()
    {
        await OpenAsync(Plain with { Passcode = " open  sesame " });
        Assert.Equal(ErrorCodes.PasscodeNeeded, await Guest.WhyNotJoinedAsync(_meeting, "Bob"));
        Assert.Equal(ErrorCodes.PasscodeNeeded, await Guest.WhyNotJoinedAsync(_meeting, "Bob", passcode: ""));
        Assert.Equal(ErrorCodes.PasscodeWrong, await Guest.WhyNotJoinedAsync(_meeting, "Bob", passcode: "Open Sesame"));
        Assert.Equal(ErrorCodes.PasscodeWrong, await Guest.WhyNotJoinedAsync(_meeting, "Bob", passcode: new string('x', 100_000)));
        var bob = await Guest.JoinAsync(_meeting, "Bob", passcode: "open sesame");
        _meeting.Disconnected(bob.Link);
        Assert.True((await Guest.JoinAsync(_meeting, "Bob", token: bob.Joined.ResumeToken)).Joined.Resumed);
        await Guest.JoinAsync(_meeting, "Ada", secret: _secret);
    }

    [Fact]
    public async Task Hosts_set_change_and_remove_the_passcode()
    {
        await OpenAsync(Plain);
        var ada = await Guest.JoinAsync(_meeting, "Ada", secret: _secret);
        foreach (var bad in new[] { " ", "\u200B", new string('x', 65) })
            Assert.Equal(ErrorCodes.PasscodeInvalid, (await _meeting.ChangeSettingsAsync(ada.Link, new SettingsChange(Passcode: bad))).Error?.Code);
        await _meeting.ChangeSettingsAsync(ada.Link, new SettingsChange(Passcode: "1234"));
        Assert.True((await ada.Link.NextAsync<MeetingSettings>(MeetingEvents.SettingsChanged)).Passcode);
        Assert.Equal(ErrorCodes.PasscodeWrong, await Guest.WhyNotJoinedAsync(_meeting, "Bob", passcode: "0000"));
        await Guest.JoinAsync(_meeting, "Bob", passcode: "1234");

        await _server.StartAsync();
        _meeting = await _server.FindAsync(_meeting.Id);
        Assert.Equal(ErrorCodes.PasscodeWrong, await Guest.WhyNotJoinedAsync(_meeting, "Eve", passcode: "0000"));
        await Guest.JoinAsync(_meeting, "Eve", passcode: "1234");
        ada = await Guest.JoinAsync(_meeting, "Ada", secret: _secret);
        await _meeting.ChangeSettingsAsync(ada.Link, new SettingsChange(Passcode: ""));
        await Guest.JoinAsync(_meeting, "Dan");
        Assert.Equal([HostActionKind.PasscodeSet, HostActionKind.PasscodeRemoved], await _server.ActionsAsync(_meeting.Id));
    }

    [Fact]
    public async Task The_passcode_comes_before_the_lobby()
    {
        await OpenAsync(Plain with { Passcode = "1234", Lobby = true });
        Assert.Equal(ErrorCodes.PasscodeNeeded, await Guest.WhyNotJoinedAsync(_meeting, "Bob"));
        Assert.Equal(ErrorCodes.Waiting, await Guest.WhyNotJoinedAsync(_meeting, "Bob", passcode: "1234"));
    }

    [Fact]
    public async Task Before_its_time_only_the_creator_comes_in()
    {
        var begins = _server.Time.GetUtcNow().AddDays(100);
        await OpenAsync(Plain with { NotBefore = begins });
        Assert.Equal(ErrorCodes.MeetingNotBegun, await Guest.WhyNotJoinedAsync(_meeting, "Bob"));
        Assert.Equal(begins, _meeting.Summary.NotBefore);

        // It waits for its people from then on, however far away that is, also through a restart.
        await PassAsync(TimeSpan.FromDays(60));
        await _server.StartAsync();
        _meeting = await _server.FindAsync(_meeting.Id);
        await PassAsync(TimeSpan.FromDays(40));
        _server.Time.Advance(TimeSpan.FromMinutes(9));
        Assert.Null(_meeting.Ended);
        await Guest.JoinAsync(_meeting, "Bob");
    }

    [Fact]
    public async Task A_planned_meeting_to_which_nobody_comes_ends()
    {
        await OpenAsync(Plain with { NotBefore = _server.Time.GetUtcNow().AddDays(3) });
        await PassAsync(TimeSpan.FromDays(3));
        _server.Time.Advance(TimeSpan.FromMinutes(10));
        await _meeting.Stopped.Soon();
        Assert.Equal(EndReason.Unused, _meeting.Ended?.Reason);
    }

    [Fact]
    public async Task At_its_expiry_a_meeting_ends_for_all()
    {
        await OpenAsync(Plain with { ExpiresAt = _server.Time.GetUtcNow().AddHours(50) });
        var bob = await Guest.JoinAsync(_meeting, "Bob");
        Assert.Equal(_meeting.Summary.ExpiresAt, bob.Joined.Meeting.ExpiresAt);
        await PassAsync(TimeSpan.FromHours(48));
        _server.Time.Advance(TimeSpan.FromHours(1));
        await bob.SayAsync("an hour left");
        await bob.Link.NextAsync<ChatMessage>(MeetingEvents.ChatAdded);
        _server.Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(EndReason.Expired, (await bob.Link.NextAsync<MeetingEnded>(MeetingEvents.MeetingEnded)).Reason);
        var record = await _server.Records.ReadAsync(_meeting.Id, TestContext.Current.CancellationToken);
        Assert.Equal(EndReason.Expired, record!.EndReason);
    }

    [Fact]
    public async Task A_lasting_meeting_is_there_again_when_all_have_left()
    {
        await OpenAsync(Plain with { Lasting = true });
        await PassAsync(TimeSpan.FromDays(2));
        var bob = await Guest.JoinAsync(_meeting, "Bob");
        await _meeting.OfferAsync(bob.Link, "v=0");
        await _meeting.LeaveAsync(bob.Link);
        Assert.True(_server.Media.Meetings[_meeting.Id].Closed);
        await _server.StartAsync();
        _meeting = await _server.FindAsync(_meeting.Id);
        await PassAsync(TimeSpan.FromDays(2));
        var again = await Guest.JoinAsync(_meeting, "Bob");
        Assert.Single(again.Joined.Meeting.Participants);
        Assert.NotNull((await _meeting.OfferAsync(again.Link, "v=0")).Value);
        Assert.True(_meeting.Summary.Lasting);
        Assert.True((await _meeting.CancelAsync(new Asker(_secret))).Value);
    }

    [Fact]
    public async Task A_server_holds_only_so_many_lasting_meetings()
    {
        _server.Options.Limits.LastingMeetings = 1;
        await OpenAsync(Plain with { Lasting = true });
        Assert.Equal(ErrorCodes.ServerFull, await WhyNotCreatedAsync(Plain with { Lasting = true }));
        await _server.CreateAsync();
        await _meeting.CancelAsync(new Asker(_secret));
        Assert.Null(await WhyNotCreatedAsync(Plain with { Lasting = true }));
    }

    [Fact]
    public async Task A_meeting_may_hold_fewer_than_the_server_allows()
    {
        await OpenAsync(Plain with { Capacity = 1 });
        Assert.Equal(1, _meeting.Summary.Capacity);
        var bob = await Guest.JoinAsync(_meeting, "Bob");
        Assert.Equal(1, bob.Joined.Limits.ParticipantsPerMeeting);
        Assert.Equal(ErrorCodes.MeetingFull, await Guest.WhyNotJoinedAsync(_meeting, "Eve"));
        Assert.Equal(ErrorCodes.MeetingFull, await Guest.WhyNotJoinedAsync(_meeting, "Ada", secret: _secret));
    }

    [Fact]
    public async Task Plans_that_make_no_sense_are_refused()
    {
        await _server.StartAsync();
        var now = _server.Time.GetUtcNow();
        CreateMeeting[] bad =
        [
            Plain with { Capacity = 0 }, Plain with { Capacity = 51 }, Plain with { Capacity = -1 }, Plain with { NotBefore = now.AddDays(367) },
            Plain with { NotBefore = DateTimeOffset.MaxValue }, Plain with { ExpiresAt = now }, Plain with { ExpiresAt = DateTimeOffset.MinValue },
            Plain with { ExpiresAt = now.AddDays(733) }, Plain with { NotBefore = now.AddDays(2), ExpiresAt = now.AddDays(1) },
        ];
        foreach (var plan in bad) Assert.Equal(ErrorCodes.ScheduleInvalid, await WhyNotCreatedAsync(plan));
        Assert.Equal(ErrorCodes.PasscodeInvalid, await WhyNotCreatedAsync(Plain with { Passcode = "\u200B" }));
        Assert.Empty(_server.Directory.List());
        Assert.Null(await WhyNotCreatedAsync(Plain with { NotBefore = now.AddDays(-1), Passcode = "" }));
    }

    /// <summary>Day by day, as the timers go.</summary>
    private async Task PassAsync(TimeSpan time)
    {
        for (var left = time; left > TimeSpan.Zero; left -= TimeSpan.FromDays(1))
        {
            await _meeting.ReadPathAsync(new Asker(null)).Soon();
            _server.Time.Advance(left < TimeSpan.FromDays(1) ? left : TimeSpan.FromDays(1));
        }
    }

    private async Task OpenAsync(CreateMeeting plan)
    {
        await _server.StartAsync();
        (_meeting, _secret) = await _server.CreateAsync(plan: plan);
    }

    private async Task<string?> WhyNotCreatedAsync(CreateMeeting plan) =>
        (await _server.Directory.CreateAsync(plan, TestContext.Current.CancellationToken).Soon()).Error?.Code;
}
