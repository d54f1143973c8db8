using Parley.Protocol;
using Parley.Server.Meetings;

namespace Parley.Server.Tests.Meetings;

public sealed class HandsTests
{
    private readonly MeetingFixture _server = new();
    private Meeting _meeting = null!;
    private Guest _ada = null!;
    private Guest _bob = null!;
    private Guest _eve = null!;

    [Fact]
    public async Task Hands_have_an_order_also_of_one_moment()
    {
        await ThreeAsync();
        await RaiseAsync(_eve);
        await RaiseAsync(_bob);
        await RaiseAsync(_ada);
        await RaiseAsync(_bob);
        var heard = new List<Participant>();
        for (var i = 0; i < 3; i++) heard.Add(await _bob.Link.NextAsync<Participant>(MeetingEvents.ParticipantChanged));
        Assert.Equal([_eve.Id, _bob.Id, _ada.Id], heard.Select(p => p.Id));
        Assert.Empty(_bob.Link.Unread());
        Assert.Equal(["Eve", "Bob", "Ada"], await OrderAsync());
        await LowerAsync(_eve);
        await RaiseAsync(_eve);
        Assert.Equal(["Bob", "Ada", "Eve"], await OrderAsync());
    }

    [Fact]
    public async Task Hosts_lower_the_hands_of_one_or_all_and_others_only_their_own()
    {
        await ThreeAsync();
        await RaiseAsync(_ada);
        await RaiseAsync(_bob);
        await RaiseAsync(_eve);
        Assert.Equal(ErrorCodes.NotAllowed, (await _meeting.LowerHandsAsync(_bob.Link, _eve.Id)).Error?.Code);
        Assert.Equal(ErrorCodes.NotAllowed, (await _meeting.LowerHandsAsync(_bob.Link, null)).Error?.Code);
        Assert.Equal(ErrorCodes.ParticipantUnknown, (await _meeting.LowerHandsAsync(_ada.Link, "nobody")).Error?.Code);
        Assert.Null((await _meeting.LowerHandsAsync(_ada.Link, _eve.Id)).Error);
        Assert.Equal(["Ada", "Bob"], await OrderAsync());
        Assert.Null((await _meeting.LowerHandsAsync(_ada.Link, null)).Error);
        Assert.Empty(await OrderAsync());
        Assert.Null((await _meeting.LowerHandsAsync(_ada.Link, null)).Error);
        Assert.Equal(3, (await _server.ActionsAsync(_meeting.Id)).Count());
    }

    [Fact]
    public async Task Hands_stay_up_over_a_lost_connection_and_a_restart()
    {
        await ThreeAsync();
        await RaiseAsync(_eve);
        await RaiseAsync(_bob);
        _meeting.Disconnected(_eve.Link);
        _eve = await Guest.JoinAsync(_meeting, "Eve", token: _eve.Joined.ResumeToken);
        Assert.NotNull(_eve.Self.HandRaisedAt);
        await _server.StartAsync();
        _meeting = await _server.FindAsync(_meeting.Id);
        Assert.Equal(["Eve", "Bob"], await OrderAsync());
    }

    private async Task ThreeAsync()
    {
        await _server.StartAsync();
        (_meeting, var secret) = await _server.CreateAsync();
        _ada = await Guest.JoinAsync(_meeting, "Ada", secret: secret);
        _bob = await Guest.JoinAsync(_meeting, "Bob");
        _eve = await Guest.JoinAsync(_meeting, "Eve");
        _bob.Link.Drain();
    }

    private async Task RaiseAsync(Guest guest) => Assert.Null((await _meeting.SetHandAsync(guest.Link, true).Soon()).Error);

    private async Task LowerAsync(Guest guest) => Assert.Null((await _meeting.SetHandAsync(guest.Link, false).Soon()).Error);

    /// <summary>As somebody who comes now sees it.</summary>
    private async Task<IEnumerable<string>> OrderAsync()
    {
        var seen = await Guest.JoinAsync(_meeting, "Witness");
        await _meeting.LeaveAsync(seen.Link);
        return seen.Joined.Meeting.Participants.Where(p => p.HandRaisedAt is not null).OrderBy(p => p.HandRaisedAt).Select(p => p.Name);
    }
}
