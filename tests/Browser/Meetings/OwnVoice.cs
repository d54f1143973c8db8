using Parley.Browser.Harness;

namespace Parley.Browser.Meetings;

public sealed class OwnVoice(Stage stage) : BrowserTest(stage)
{
    [Fact]
    public async Task Who_talks_while_muted_is_told_so_and_by_which_key_to_unmute()
    {
        var ada = await Open(Person.Ada);
        await ada.Create("Muted");
        await ada.Enter();
        Assert.Equal(0, await ada.At("muted-hint").CountAsync());
        await ada.At("mic-button").ClickAsync();
        await ada.At("muted-hint").WaitForAsync();
        await ada.IsAccessible();
        await ada.Page.Keyboard.PressAsync("m");
        await ada.Shows(Person.Ada, mic: true, cam: true);
        Assert.Equal(0, await ada.At("muted-hint").CountAsync());
    }

    [Fact]
    public async Task A_stronger_suppression_takes_the_noise_of_a_fan_away_and_is_taken_away_again()
    {
        var ada = await Open(Person.Ada with { Amplitude = 0, Noise = 0.3 });
        var ben = await Open(Person.Ben with { Amplitude = 0 });
        var link = await ada.Create("A fan in the room");
        await ada.Enter();
        await ben.Join(link);
        await ada.Goes("peerToPeer");
        await ben.Goes("peerToPeer");
        await ben.Until("the noise is heard", Noise);
        var microphone = await ada.Page.EvaluateAsync<string>(Sent);

        await Switch(ada);
        await ben.Until("the noise is gone", NoNoise);
        await ada.Until("what is sent is filtered", $"microphone => ({Sent})() !== microphone", microphone);
        Assert.Equal("live", await ada.Page.EvaluateAsync<string>("() => window.parley.linkPc.getSenders()[0].track.readyState"));
        Assert.Equal("on", await ada.Page.EvaluateAsync<string>("() => localStorage.getItem('parley.noise')"));
        // The microphone is as it was, and who wants its noise gets it back.
        await Switch(ada);
        await ada.Until("what is sent is the microphone", $"microphone => ({Sent})() === microphone", microphone);
        await ben.Until("the noise is heard", Noise);
    }

    private const string Noise = "() => peer.heard([100, 200, 300, 400, 500])?.every((level) => level > -65)";

    /// <summary>15 dB less at least, and all the time.</summary>
    private const string NoNoise = "() => peer.heard([100, 200, 300, 400, 500])?.every((level) => level < -80)";

    private const string Sent = "() => window.parley.linkPc.getSenders()[0].track.id";

    private static async Task Switch(Participant person)
    {
        await person.At("more-button").ClickAsync();
        await person.At("settings-button").ClickAsync();
        await person.At("noise").ClickAsync();
        await person.Page.Keyboard.PressAsync("Escape");
    }
}
