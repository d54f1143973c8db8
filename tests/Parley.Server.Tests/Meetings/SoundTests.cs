using Parley.Protocol;
using Parley.Server.Meetings;

namespace Parley.Server.Tests.Meetings;

/// <summary>The tone that says that somebody joined, and how loud one hears another (protocol.md §4, §7).</summary>
public sealed class SoundTests
{
    private readonly MeetingFixture _server = new();
    private Meeting _meeting = null!;

    private FakeMeetingMedia Media => _server.Media.Meetings[_meeting.Id];

    [Fact]
    public async Task Hosts_turn_the_tone_on_and_off_and_all_are_told()
    {
        var (ada, bob) = await TwoAsync();
        Assert.False(bob.Joined.Meeting.Settings.JoinTone);
        Assert.Equal(ErrorCodes.NotAllowed, (await _meeting.ChangeSettingsAsync(bob.Link, new SettingsChange(JoinTone: true))).Error?.Code);
        await TurnToneAsync(ada, true);
        Assert.True(((MeetingSettings)(await bob.Link.UntilAsync(MeetingEvents.SettingsChanged))!).JoinTone);
        Assert.True((await Guest.JoinAsync(_meeting, "Cleo")).Joined.Meeting.Settings.JoinTone);
        await TurnToneAsync(ada, false);
        Assert.False(((MeetingSettings)(await bob.Link.UntilAsync(MeetingEvents.SettingsChanged))!).JoinTone);
    }

    [Fact]
    public async Task The_tone_is_heard_once_for_each_who_joins_when_they_can_be_heard()
    {
        var (ada, bob) = await TwoAsync();
        await _meeting.OfferAsync(ada.Link, "v=0");
        await ConnectsAsync(ada);
        await TurnToneAsync(ada, true);
        Assert.Equal(0, Media.JoinTones);
        await ConnectsAsync(bob);
        Assert.Equal(1, Media.JoinTones);

        // A leg that comes back is nobody new, nor is who was away.
        Media.Events.OnMediaState(bob.Id, MediaConnectionState.Disconnected, null);
        await ConnectsAsync(bob);
        var back = await Guest.JoinAsync(_meeting, "Bob", token: bob.Joined.ResumeToken);
        Media.Events.OnMediaState(back.Id, MediaConnectionState.Connecting, null);
        await ConnectsAsync(back);
        Assert.Equal(1, Media.JoinTones);

        await ConnectsAsync(await Guest.JoinAsync(_meeting, "Cleo"));
        Assert.Equal(2, Media.JoinTones);
        await TurnToneAsync(ada, false);
        await ConnectsAsync(await Guest.JoinAsync(_meeting, "Dan"));
        Assert.Equal(2, Media.JoinTones);
    }

    [Fact]
    public async Task Who_is_alone_hears_no_tone()
    {
        await _server.StartAsync();
        (_meeting, var secret) = await _server.CreateAsync();
        var ada = await Guest.JoinAsync(_meeting, "Ada", secret: secret);
        await TurnToneAsync(ada, true);
        await _meeting.OfferAsync(ada.Link, "v=0");
        await ConnectsAsync(ada);
        Assert.Equal(0, Media.JoinTones);
    }

    [Fact]
    public async Task Anyone_chooses_how_loud_they_hear_another_and_finds_it_again()
    {
        var (ada, bob) = await TwoAsync();
        Assert.True((await _meeting.SetVolumeAsync(bob.Link, new VoiceVolume(ada.Id, 0.25))).Value);
        Assert.Equal(0.25, Media.Volumes[(bob.Id, ada.Id)]);
        var back = await Guest.JoinAsync(_meeting, "Bob", token: bob.Joined.ResumeToken);
        Assert.Equal([new VoiceVolume(ada.Id, 0.25)], back.Joined.Volumes!);

        Assert.True((await _meeting.SetVolumeAsync(back.Link, new VoiceVolume(ada.Id, 1))).Value);
        Assert.Equal(1, Media.Volumes[(bob.Id, ada.Id)]);
        Assert.Empty((await Guest.JoinAsync(_meeting, "Bob", token: bob.Joined.ResumeToken)).Joined.Volumes!);
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(2.01)]
    [InlineData(double.NaN)]
    public async Task A_volume_beyond_its_range_is_refused(double volume)
    {
        var (ada, bob) = await TwoAsync();
        Assert.Equal(ErrorCodes.RequestInvalid, (await _meeting.SetVolumeAsync(bob.Link, new VoiceVolume(ada.Id, volume))).Error?.Code);
    }

    [Fact]
    public async Task Nobody_has_a_volume_for_themself_or_for_who_is_not_there()
    {
        var (ada, bob) = await TwoAsync();
        foreach (var id in new[] { bob.Id, "nobody", null })
            Assert.Equal(ErrorCodes.ParticipantUnknown, (await _meeting.SetVolumeAsync(bob.Link, new VoiceVolume(id, 0.5))).Error?.Code);
        Assert.True((await _meeting.SetVolumeAsync(bob.Link, new VoiceVolume(ada.Id, 0.5))).Value);
        await _meeting.LeaveAsync(ada.Link);
        Assert.Empty((await Guest.JoinAsync(_meeting, "Bob", token: bob.Joined.ResumeToken)).Joined.Volumes!);
    }

    [Fact]
    public async Task Of_more_than_eight_others_or_for_more_than_32_listeners_it_is_refused()
    {
        var (ada, bob) = await TwoAsync();
        var others = new List<Guest>();
        for (var i = 0; i < 32; i++) others.Add(await Guest.JoinAsync(_meeting, $"Guest {i}"));
        foreach (var other in others.Take(8)) Assert.True((await _meeting.SetVolumeAsync(bob.Link, new VoiceVolume(other.Id, 0.5))).Value);
        Assert.Equal(ErrorCodes.NotAllowed, (await _meeting.SetVolumeAsync(bob.Link, new VoiceVolume(others[8].Id, 0.5))).Error?.Code);
        Assert.True((await _meeting.SetVolumeAsync(bob.Link, new VoiceVolume(others[0].Id, 0.7))).Value);

        foreach (var other in others.Take(31)) Assert.True((await _meeting.SetVolumeAsync(other.Link, new VoiceVolume(bob.Id, 0.5))).Value);
        Assert.Equal(ErrorCodes.NotAllowed, (await _meeting.SetVolumeAsync(others[31].Link, new VoiceVolume(bob.Id, 0.5))).Error?.Code);
        Assert.True((await _meeting.SetVolumeAsync(others[0].Link, new VoiceVolume(bob.Id, 1))).Value);
        Assert.True((await _meeting.SetVolumeAsync(others[31].Link, new VoiceVolume(bob.Id, 0.5))).Value);
    }

    private async Task TurnToneAsync(Guest host, bool isOn) => Assert.True((await _meeting.ChangeSettingsAsync(host.Link, new SettingsChange(JoinTone: isOn))).Value);

    private async Task<(Guest Ada, Guest Bob)> TwoAsync()
    {
        await _server.StartAsync();
        (_meeting, var secret) = await _server.CreateAsync();
        return (await Guest.JoinAsync(_meeting, "Ada", secret: secret), await Guest.JoinAsync(_meeting, "Bob"));
    }

    /// <summary>The leg of one of them is there, and the meeting knows it.</summary>
    private async Task ConnectsAsync(Guest guest)
    {
        guest.Link.Drain();
        Media.Events.OnMediaState(guest.Id, MediaConnectionState.Connected, null);
        await guest.Link.UntilAsync(MeetingEvents.MediaState);
        await _meeting.ReadPathAsync(new Asker(null));
    }
}
