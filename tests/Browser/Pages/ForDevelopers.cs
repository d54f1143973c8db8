using Parley.Browser.Harness;

namespace Parley.Browser.Pages;

public sealed class ForDevelopers(Stage stage) : BrowserTest(stage)
{
    [Fact]
    public async Task The_calls_of_the_API_are_read_as_a_page()
    {
        var ada = await Open(Person.Ada with { Devices = "missing" });
        await ada.Go("/");
        await ada.At("developers-link").ClickAsync();
        await ada.At("api-createMeeting").Locator("summary").ClickAsync();
        Assert.Contains("CreateMeeting", await ada.At("api-createMeeting").InnerTextAsync(), StringComparison.Ordinal);
        await ada.At("form-MeetingCreated").Locator("summary").ClickAsync();
        Assert.Contains("creatorSecret", await ada.At("form-MeetingCreated").InnerTextAsync(), StringComparison.Ordinal);
        await ada.IsAccessible();

        // The address is one that can be told to others.
        await ada.Page.ReloadAsync();
        await ada.At("api-createMeeting").WaitForAsync();
    }
}
