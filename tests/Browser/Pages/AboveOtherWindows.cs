using Parley.Browser.Harness;

namespace Parley.Browser.Pages;

public sealed class AboveOtherWindows(Stage stage) : BrowserTest(stage)
{
    private const string Floating = "documentPictureInPicture.window?.document";

    [Fact]
    public async Task A_small_window_shows_who_speaks_and_mutes_and_leaves()
    {
        var ada = await Open(Person.Ada);
        var ben = await Open(Person.Ben);
        var link = await ada.Create("Beside other work");
        await ada.Enter();
        await ben.Join(link);
        await ada.Sees(Person.Ben);

        await ada.At("more-button").ClickAsync();
        await ada.At("float-item").ClickAsync();
        await ada.Until("Ben is seen in the small window", $"number => peer.seen({Floating}?.querySelector('video'))?.participant === number", Person.Ben.Number);
        // In a tab that nobody sees nothing else is asked for, and the small window goes on.
        await ada.GoesToTheBackground(true);
        await Press(ada, "mic");
        await ben.Shows(Person.Ada, mic: false, cam: true);
        await ada.Until("the button says so", $"() => {Floating}?.querySelector('[data-testid=floating-mic]')?.ariaPressed === 'false'");
        await ada.Until("Ben is still seen", $"number => peer.seen({Floating}?.querySelector('video'))?.participant === number", Person.Ben.Number);
        await Press(ada, "leave");
        await ada.At("left-page").WaitForAsync();
        await ada.Until("the small window is closed", "() => !documentPictureInPicture.window");
    }

    private static async Task Press(Participant person, string button) =>
        await person.Page.EvaluateAsync($"() => {Floating}.querySelector('[data-testid=floating-{button}]').click()");
}
