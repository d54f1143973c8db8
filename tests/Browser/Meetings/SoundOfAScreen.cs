using Parley.Browser.Harness;

namespace Parley.Browser.Meetings;

/// <summary>Dan is in none of these meetings: his tone is the sound of Ada's screen.</summary>
public sealed class SoundOfAScreen(Stage stage) : BrowserTest(stage)
{
    private static readonly Person Screen = Person.Dan;
    private static readonly Person Ada = Person.Ada with { ScreenTone = Screen.Frequency };

    [Fact]
    public async Task A_screen_is_heard_while_its_owner_is_muted_and_the_microphone_is_not_directly_and_by_the_server()
    {
        var (ada, ben, cleo) = (await Open(Ada), await Open(Person.Ben), await Open(Person.Cleo));
        var link = await ada.Create("A film");
        await ada.Enter();
        await ben.Join(link);
        await Task.WhenAll(ada.Goes("peerToPeer"), ben.Goes("peerToPeer"));
        await ada.At("screen-button").ClickAsync();
        await ben.SeesScreenOf(Ada);
        await ben.HearsOnly(Ada, Screen);

        await ada.At("mic-button").ClickAsync();
        await ben.Shows(Ada, mic: false, cam: true);
        await ben.HearsOnly(Screen);
        (await ben.Observe(5)).HoldsOnlyTones(Screen);
        Assert.Equal("false", await ben.Tile(Ada).GetAttributeAsync("data-speaking"));

        await cleo.Join(link);
        await Task.WhenAll(ada.Goes("server"), ben.Goes("server"), cleo.Goes("server"));
        await cleo.HearsOnly(Person.Ben, Screen);
        await ben.HearsOnly(Person.Cleo, Screen);
        (await cleo.Observe(5)).HoldsOnlyTones(Person.Ben, Screen);
        Assert.Equal("false", await cleo.Tile(Ada).GetAttributeAsync("data-speaking"));
        await ada.At("mic-button").ClickAsync();
        await cleo.HearsOnly(Ada, Person.Ben, Screen);

        // With the screen its sound ends, and the microphone is as it was.
        await ada.At("screen-button").ClickAsync();
        await cleo.HearsOnly(Ada, Person.Ben);
        await ada.At("mic-button").ClickAsync();
        await cleo.HearsOnly(Person.Ben);
    }

    [Fact]
    public async Task A_host_mutes_the_microphone_and_stops_the_screen_with_its_sound()
    {
        var (ben, ada) = (await Open(Person.Ben), await Open(Ada));
        var link = await ben.Create("Hosts and screens");
        await ben.Enter();
        await ada.Join(link);
        await ada.At("screen-button").ClickAsync();
        await ben.HearsOnly(Ada, Screen);

        await ben.Does("mute", Ada);
        await ben.HearsOnly(Screen);
        await ada.Shows(Ada, mic: false, cam: true);
        await ben.Page.Keyboard.PressAsync("Escape");

        await ben.Switches("may-screen");
        await ben.HearsOnly();
        await ada.Until("nothing is shared any more", "() => document.querySelector('[data-testid=screen-button]').getAttribute('aria-pressed') === 'false'");
        await ada.At("mic-button").ClickAsync();
        await ben.HearsOnly(Ada);
    }

    [Fact]
    public async Task Nobody_is_taken_to_talk_because_of_their_screen()
    {
        var silent = Ada with { Amplitude = 0 };
        var (ada, ben) = (await Open(silent), await Open(Person.Ben with { Amplitude = 0 }));
        var link = await ada.Create("Not a word");
        await ada.Enter();
        await ada.At("mic-button").ClickAsync();
        await ben.Join(link);
        await ada.At("screen-button").ClickAsync();
        await ben.HearsOnly(Screen);
        // A voice would be told of after half a second: this is twice that.
        (await ben.Observe(6)).HoldsOnlyTones(Screen);
        Assert.Equal(0, await ada.At("muted-hint").CountAsync());
        Assert.Equal(0, await ben.Page.Locator("[data-testid=tile][data-speaking=true]").CountAsync());
    }
}
