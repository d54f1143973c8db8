using Microsoft.Playwright;
using Parley.Browser.Harness;

namespace Parley.Browser.Pages;

public sealed class EveryPage(Stage stage) : BrowserTest(stage)
{
    [Fact]
    public async Task Is_accessible_in_light_and_in_dark()
    {
        var found = new List<string>();
        await new Tour(
            person => Open(person),
            async (person, state) =>
            {
                foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
                {
                    await Look(person, scheme);
                    found.AddRange((await person.Violations(coloursOnly: scheme == ColorScheme.Dark)).Select(violation => $"{state}, {scheme}: {violation}"));
                }
            },
            TourWords.English,
            // Of what is on the pictures nothing is judged: pictures that cost little leave the time to the pages.
            "320x180@5").Take();
        Assert.True(found.Count == 0, string.Join('\n', found));
    }

    /// <summary>Pictures for people to look at; <c>scripts/tour</c> runs this and nothing else does.</summary>
    [Theory(Explicit = true)]
    [InlineData("light", 1280, 800, "en-GB")]
    [InlineData("dark", 1280, 800, "en-GB")]
    [InlineData("phone", 390, 780, "en-GB")]
    [InlineData("zh-CN", 1280, 800, "zh-CN")]
    public async Task In_pictures(string variant, int width, int height, string locale)
    {
        var folder = Environment.GetEnvironmentVariable("PARLEY_SCREENSHOT") ?? Path.Combine(Repository.Root, "artifacts", "tour");
        Directory.CreateDirectory(folder);
        var seen = 0;
        var tour = new Tour(
            async person =>
            {
                var opened = await Open(person with { Locale = locale });
                // Those who are only there for the others keep the width that they have.
                if (person.Name != Tour.Guest) await opened.Page.SetViewportSizeAsync(width, height);
                return opened;
            },
            async (person, state) =>
            {
                await Look(person, variant == "dark" ? ColorScheme.Dark : ColorScheme.Light);
                // What floats over the page is of a moment before.
                await person.Page.EvaluateAsync("() => { document.querySelector('.toasts').style.display = 'none'; }");
                await person.Page.ScreenshotAsync(new()
                {
                    Path = Path.Combine(folder, $"{variant}-{++seen:00}-{state}.png"),
                    // A dialog dims what is in sight, not the whole page.
                    FullPage = await person.Meeting.CountAsync() + await person.Page.Locator("dialog[open]").CountAsync() == 0,
                });
            },
            locale == "zh-CN" ? TourWords.Chinese : TourWords.English,
            "640x360@15");
        await tour.Take();
    }

    private static async Task Look(Participant person, ColorScheme scheme)
    {
        await person.Page.EmulateMediaAsync(new() { ColorScheme = scheme, ReducedMotion = ReducedMotion.Reduce });
        await person.Until("the theme is drawn", "theme => document.documentElement.dataset.theme === theme", scheme == ColorScheme.Light ? "light" : "dark");
        await person.Until("nothing changes its colour any more", "() => document.getAnimations().every((one) => !(one instanceof CSSTransition))");
    }
}
