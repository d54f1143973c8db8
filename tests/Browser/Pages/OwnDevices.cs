using Parley.Browser.Harness;

namespace Parley.Browser.Pages;

public sealed class OwnDevices(Stage stage) : BrowserTest(stage)
{
    [Fact]
    public async Task Microphone_and_camera_go_off_and_on_for_everyone_by_button_and_by_key()
    {
        var ada = await Open(Person.Ada);
        var ben = await Open(Person.Ben);
        var link = await ada.Create("On and off");
        await ada.Enter();
        await ben.Join(link);
        await ada.Sees(Person.Ben);
        await ada.HearsOnly(Person.Ben);

        await ben.At("mic-button").ClickAsync();
        await ada.Shows(Person.Ben, mic: false, cam: true);
        await ada.HearsOnly();
        (await ada.Observe(5, Person.Ben)).HoldsOnlyTones();
        await ben.Page.Keyboard.PressAsync("m");
        await ada.Shows(Person.Ben, mic: true, cam: true);
        await ada.HearsOnly(Person.Ben);

        await ben.At("cam-button").ClickAsync();
        await ada.Shows(Person.Ben, mic: true, cam: false);
        await ada.SeesAvatarOf(Person.Ben);
        await ben.Page.Keyboard.PressAsync("v");
        await ada.Shows(Person.Ben, mic: true, cam: true);
        await ada.Sees(Person.Ben);
        (await ada.Observe(5, Person.Ben)).HoldsOnly(Person.Ben);

        await ben.Page.Keyboard.PressAsync("p");
        await ben.At("people-panel").WaitForAsync();
        Assert.Equal(2, await ben.At("participant-row").CountAsync());
        await ben.Page.Keyboard.PressAsync("c");
        await ben.At("chat-panel").WaitForAsync();
        // Letters are letters while one types.
        await ben.At("chat-input").FocusAsync();
        await ben.Page.Keyboard.TypeAsync("mvcp");
        await ben.Page.Keyboard.PressAsync("Enter");
        await ada.Reads((Person.Ben, "mvcp"));
        await ada.Shows(Person.Ben, mic: true, cam: true);
    }

    [Theory]
    [InlineData("denied", "blocks")]
    [InlineData("missing", "There is no")]
    [InlineData("inUse", "Another program uses")]
    public async Task A_device_that_cannot_be_had_is_told_with_its_reason_and_joining_still_works(string devices, string words)
    {
        var ada = await Open(Person.Ada with { Devices = devices });
        await ada.Create("No devices");

        var trouble = ada.At("device-trouble");
        await trouble.WaitForAsync();
        Assert.Equal(devices, await trouble.GetAttributeAsync("data-problem"));
        Assert.Contains(words, await trouble.InnerTextAsync(), StringComparison.Ordinal);

        await ada.Enter();
        await ada.Shows(ada.Person, mic: false, cam: false);
        await ada.Leave();
    }
}
