using Microsoft.Playwright;
using Parley.Browser.Harness;

namespace Parley.Browser.Meetings;

public sealed class VolumesAreForOneself(Stage stage) : BrowserTest(stage)
{
    [Fact]
    public async Task Who_turns_another_off_hears_them_no_more_and_everybody_else_does()
    {
        var ada = await Open(Person.Ada);
        var ben = await Open(Person.Ben);
        var cleo = await Open(Person.Cleo);
        var link = await ada.Create("Too loud for one");
        await ada.Enter();
        await ben.Join(link);
        await cleo.Join(link);
        await ben.HearsOnly(Person.Ada, Person.Cleo);

        await Turn(ben, Person.Ada, "0");
        await ben.HearsOnly(Person.Cleo);
        await cleo.HearsOnly(Person.Ada, Person.Ben);

        // A page that is loaded again finds it as it was, and can undo it.
        await ben.Page.ReloadAsync();
        await ben.HearsOnly(Person.Cleo);
        await Turn(ben, Person.Ada, "1");
        await ben.HearsOnly(Person.Ada, Person.Cleo);
    }

    private static async Task Turn(Participant who, Person whom, string volume)
    {
        await who.OpenPeople();
        await who.Page.Locator($"[data-testid=participant-row][data-name='{whom.Name}'] [data-testid=person-button]").ClickAsync();
        await who.At("volume").FillAsync(volume);
        await who.Page.Keyboard.PressAsync("Escape");
        await who.At("volume").WaitForAsync(new() { State = WaitForSelectorState.Detached });
    }
}
