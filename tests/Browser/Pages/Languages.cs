using Microsoft.Playwright;
using Parley.Browser.Harness;

namespace Parley.Browser.Pages;

public sealed class Languages(Stage stage) : BrowserTest(stage)
{
    [Fact]
    public async Task The_page_speaks_the_language_of_the_browser_until_another_is_chosen_and_remembers_that()
    {
        var ada = await Open(Person.Ada with { Devices = "missing", Locale = "zh-CN" });
        await ada.Go("/");
        await Speaks(ada, "zh-CN", "create-meeting", "创建会议");
        await ada.IsAccessible();

        await ada.At("language-select").SelectOptionAsync("en");
        await Speaks(ada, "en", "create-meeting", "Create meeting");
        await ada.Page.ReloadAsync();
        await Speaks(ada, "en", "create-meeting", "Create meeting");
    }

    [Fact]
    public async Task Another_language_can_be_chosen_in_a_meeting_without_leaving_it()
    {
        var ada = await Open(Person.Ada with { Devices = "missing" });
        await ada.Create("Two languages");
        await ada.Enter();
        var place = await ada.OwnId();
        await Speaks(ada, "en", "leave-button", "Leave");

        await ada.At("more-button").ClickAsync();
        await ada.At("settings-button").ClickAsync();
        await ada.At("language-select").SelectOptionAsync("zh-CN");
        await Speaks(ada, "zh-CN", "leave-button", "离开");
        await ada.Page.Keyboard.PressAsync("Escape");
        await ada.IsAccessible();
        Assert.Equal(place, await ada.OwnId());

        // What the server refuses is said in words of the page: the server's are English.
        await ada.EndForAll();
        await ada.At("ended-page").WaitForAsync();
        Assert.Contains("会议已结束", await ada.At("ended-page").InnerTextAsync(), StringComparison.Ordinal);
    }

    private static async Task Speaks(Participant person, string language, string testId, string words)
    {
        await person.Page.Locator($"html[lang={language}]").WaitForAsync(new() { State = WaitForSelectorState.Attached });
        await person.At(testId).Filter(new() { HasText = words }).WaitForAsync();
    }
}
