using Microsoft.Playwright;
using Parley.Browser.Harness;

namespace Parley.Browser.Meetings;

/// <summary>Pictures of a real meeting for the documentation; <c>scripts/screenshot</c> runs this and nothing else does.</summary>
public sealed class Screenshots(Stage stage) : BrowserTest(stage)
{
    private static readonly Person Maya = Person.Ada with { Name = "Maya Lindqvist", Scene = "study", Camera = "640x360@15" };
    private static readonly Person Jonas = Person.Ben with { Name = "Jonas Weber", Scene = "evening", Amplitude = 0, Camera = "640x360@15" };
    private static readonly Person Priya = Person.Cleo with { Name = "Priya Nair", Scene = "kitchen", Amplitude = 0, Camera = "640x360@15" };

    [Fact(Explicit = true)]
    public async Task The_meeting_of_three_in_light_and_in_dark()
    {
        var folder = Environment.GetEnvironmentVariable("PARLEY_SCREENSHOT") ?? Path.Combine(Repository.Root, "docs", "screenshots");
        Directory.CreateDirectory(folder);
        var maya = await Open(Maya);
        var jonas = await Open(Jonas);
        var priya = await Open(Priya);
        await priya.Page.SetViewportSizeAsync(1280, 800);
        var link = await maya.Create("Weekly planning");
        await maya.Enter();
        await jonas.Join(link);
        await priya.Join(link);
        await priya.IsWith(Maya, Jonas);
        await jonas.At("mic-button").ClickAsync();

        await maya.Say("Good morning! The agenda is in the invitation.");
        await jonas.Reads((Maya, "Good morning! The agenda is in the invitation."));
        await jonas.Say("Morning. I have two points on the release, five minutes each.");
        await priya.OpenChat();
        await priya.Say("Great, I can take notes.");
        await priya.Reads(
            (Maya, "Good morning! The agenda is in the invitation."),
            (Jonas, "Morning. I have two points on the release, five minutes each."),
            (Priya, "Great, I can take notes."));

        foreach (var other in new[] { Maya, Jonas })
        {
            // The picture is there, and as large as the camera's: the first seconds of a stream are small.
            await priya.Until(
                $"{other.Name} is shown in full size",
                "name => [...document.querySelectorAll('[data-testid=tile]')].some((tile) => tile.dataset.name === name && tile.querySelector('video')?.videoWidth >= 640)",
                other.Name);
        }

        await priya.Until("Maya is shown as the one who talks", "name => document.querySelector(`[data-testid=tile][data-name='${name}']`)?.dataset.speaking === 'true'", Maya.Name);
        await priya.Until("nothing floats over the page", "() => !document.querySelector('[data-testid=toast], .stage-notes .note')");
        await priya.Page.Mouse.MoveAsync(640, 20);
        foreach (var (scheme, file) in new[] { (ColorScheme.Light, "meeting.png"), (ColorScheme.Dark, "meeting-dark.png") })
        {
            await priya.Page.EmulateMediaAsync(new() { ColorScheme = scheme });
            await priya.Until("the theme is drawn", "theme => document.documentElement.dataset.theme === theme", scheme == ColorScheme.Light ? "light" : "dark");
            await priya.Page.ScreenshotAsync(new() { Path = Path.Combine(folder, file) });
        }
    }
}
