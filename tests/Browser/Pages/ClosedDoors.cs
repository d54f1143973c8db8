using Parley.Browser.Harness;

namespace Parley.Browser.Pages;

public sealed class ClosedDoors(Stage stage) : BrowserTest(stage)
{
    [Fact]
    public async Task An_unknown_and_an_ended_meeting_say_so()
    {
        var ada = await Open(Person.Ada with { Devices = "missing" });
        await ada.Go("/m/no-such-meeting");
        await ada.At("gone-meetingUnknown").WaitForAsync();

        var link = await ada.Create("Soon over");
        await ada.Enter();
        await ada.EndForAll();
        await ada.At("ended-page").WaitForAsync();
        await ada.Go(link);
        await ada.At("gone-meetingEnded").WaitForAsync();
    }

    [Fact]
    public async Task A_full_meeting_says_so()
    {
        await using var small = await ServerProcess.StartAsync("--Parley:Limits:ParticipantsPerMeeting=1");
        var ada = await Open(Person.Ada with { Devices = "missing" }, server: small.Address);
        var ben = await Open(Person.Ben with { Devices = "missing" }, server: small.Address);
        var link = await ada.Create("For one");
        await ada.Enter();

        await ben.Go(link);
        await ben.At("name-input").FillAsync("Ben");
        await ben.At("join-button").ClickAsync();
        await ben.At("error-message").WaitForAsync();
        Assert.Contains("full", await ben.At("error-message").InnerTextAsync(), StringComparison.Ordinal);
        Assert.Equal(0, await ben.Meeting.CountAsync());

    }
}
