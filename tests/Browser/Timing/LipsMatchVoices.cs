using Microsoft.Playwright;
using Parley.Browser.Harness;

namespace Parley.Browser.Timing;

/// <summary>A beep and a picture made at the same moment are heard and seen at the same moment (session.md, One time line).</summary>
public sealed class LipsMatchVoices(Stage stage) : BrowserTest(stage)
{
    /// <summary>Milliseconds.</summary>
    private const double Noticeable = 80;

    /// <summary>Of ten seconds.</summary>
    private const int Beeps = 20;

    private const int Rounds = 4;

    [Fact]
    public async Task Directly() => await Match(await Meet(Stage.Server.Address, "peerToPeer"));

    [Fact]
    public async Task Through_the_server()
    {
        await using var server = await ServerProcess.StartAsync("--Parley:PeerToPeer:Enabled=False");
        await Match(await Meet(server.Address, "server"));
    }

    [Fact]
    public async Task Through_the_server_from_a_network_with_50_ms_of_jitter()
    {
        Assert.SkipWhen(Network.LacksNarrow is not null, Network.LacksNarrow ?? "");
        await using var network = await Network.BuildAsync("ada", "ben");
        var link = await network.Narrow(network["ada"], new(20_000_000, TimeSpan.FromSeconds(1), TimeSpan.FromMilliseconds(10)));
        await using var server = await ServerProcess.StartAsync($"--Parley:Media:Addresses:0={Network.Server}", "--Parley:PeerToPeer:Enabled=False");
        var address = new Uri($"http://{Network.Server}:{server.Address.Port}");
        var pair = await Meet(address, "server", await network["ada"].Chromium(address), await network["ben"].Chromium(address));
        link.Up.Conditions = link.Up.Conditions with { Jitter = TimeSpan.FromMilliseconds(50) };
        await Match(pair);
    }

    private async Task<(Participant Ada, Participant Ben)> Meet(Uri server, string mode, IBrowser? browserOfAda = null, IBrowser? browserOfBen = null)
    {
        var ada = await Open(Person.Ada with { Beeps = true }, browserOfAda, server);
        var ben = await Open(Person.Ben with { Devices = "missing" }, browserOfBen, server);
        var link = await ada.Create("Lips");
        await ada.Enter();
        await ben.Join(link);
        await Task.WhenAll(ada.Goes(mode), ben.Goes(mode));
        await ben.Sees(Person.Ada);
        return (ada, ben);
    }

    /// <summary>
    /// Browsers bring the two together bit by bit, in some ten seconds. From then on they are together, but in a round in which the machine
    /// was busy with other things.
    /// </summary>
    private static async Task Match((Participant Ada, Participant Ben) pair)
    {
        Figures.Print($"At first {await pair.Ben.Lips(pair.Ada, Beeps)}");
        LipSync lips;
        var rounds = Rounds;
        do
        {
            lips = await pair.Ben.Lips(pair.Ada, Beeps);
            Figures.Print($"Then {lips}");
        }
        while (!(lips.MostlyWithin < Noticeable) && --rounds > 0);
        Assert.True(lips.MostlyWithin < Noticeable, $"Lips and voices are apart in each of {Rounds} rounds, at last: {lips}");
    }
}
