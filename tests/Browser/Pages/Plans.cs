using System.Globalization;
using Parley.Browser.Harness;

namespace Parley.Browser.Pages;

/// <summary>Meetings that are for later, for a while, or for good.</summary>
public sealed class Plans(Stage stage) : BrowserTest(stage)
{
    private static readonly Person Ada = Person.Ada with { Devices = "missing" };
    private static readonly Person Ben = Person.Ben with { Devices = "missing" };

    [Fact]
    public async Task Into_a_meeting_of_tomorrow_only_who_made_it_comes_today_and_a_plan_that_makes_no_sense_is_refused_in_words()
    {
        var (ada, ben) = (await Open(Ada), await Open(Ben));
        var now = await ada.Page.EvaluateAsync<DateTime>("() => new Date()");
        await ada.Go("/");
        await ada.At("options").ClickAsync();
        await ada.At("title-input").FillAsync("Tomorrow");
        await ada.At("name-input").FillAsync(Ada.Name);
        await ada.At("not-before-input").FillAsync(Local(now.AddDays(2)));
        await ada.At("expires-input").FillAsync(Local(now.AddDays(1)));
        await ada.At("create-meeting").ClickAsync();
        await ada.At("error-message").Filter(new() { HasText = "ends after it has begun" }).WaitForAsync();
        await ada.IsAccessible();
        await ada.At("expires-input").FillAsync(Local(now.AddDays(3)));
        var link = await ada.Create("Tomorrow", stay: true);
        await ada.Enter();

        await ben.Go(link);
        await ben.At("gone-meetingNotBegun").WaitForAsync();
        await ben.IsAccessible();
        Assert.Equal(0, await ben.At("join-button").CountAsync());
    }

    [Fact]
    public async Task A_meeting_that_lasts_is_there_again_when_all_have_left_and_another_is_over()
    {
        var (ada, ben) = (await Open(Ada), await Open(Ben));
        await ada.Go("/");
        await ada.At("options").ClickAsync();
        await ada.At("lasting").ClickAsync();
        var lasting = await ada.Create("Every week", stay: true);
        await ada.Enter();
        await ada.Leave();
        var once = await ada.Create("Only once");
        // The devices stay off by themselves now: there is no trouble to wait for.
        await ada.TryToEnter();
        await ada.Meeting.WaitForAsync();
        await ada.Leave();

        await ben.Go(once);
        await ben.At("gone-meetingEnded").WaitForAsync();
        await ben.Join(lasting);
        await ben.IsWith();
    }

    private static string Local(DateTime time) => time.ToString("yyyy-MM-dd'T'HH:mm", CultureInfo.InvariantCulture);
}
