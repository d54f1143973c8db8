using System.Globalization;
using Microsoft.Playwright;
using Parley.Browser.Harness;

namespace Parley.Browser.Meetings;

/// <summary>Three people at the address of a reverse proxy; <c>scripts/try-proxies</c> runs one and this, and nothing else does.</summary>
public sealed class BehindAProxy(Stage stage) : BrowserTest(stage)
{
    /// <summary>As many as Parley takes.</summary>
    private const int LargestFile = 25 * 1024 * 1024;

    [Fact(Explicit = true)]
    public async Task Three_meet_send_the_largest_file_and_are_back_by_themselves_when_the_server_is()
    {
        Assert.SkipWhen(Ports.RealAddress is null, "Firefox never sends media to 127.0.0.1, and this machine has no other IPv4 address.");
        var proxy = new Uri(Given("PARLEY_PROXY"));
        await using var server = await ServerProcess.StartAtAsync(
            int.Parse(Given("PARLEY_BEHIND_IT"), CultureInfo.InvariantCulture), "--Parley:Http:TrustedProxies:0=127.0.0.1");
        var ada = await Open(Person.Ada, server: proxy);
        var ben = await Open(Person.Ben, server: proxy);
        var cleo = await Open(Person.Cleo, await Stage.Browsers.Firefox(), proxy);

        var link = await ada.Create("Behind a proxy");
        await ada.Enter();
        await ben.Join(link);
        await Task.WhenAll(ada.Goes("peerToPeer"), ben.Goes("peerToPeer"));
        await SeeAndHearEachOther(ada, ben);
        await cleo.Join(link);
        await SeeAndHearEachOther(ada, ben, cleo);

        await ben.Say("By the hub");
        await cleo.Reads((Person.Ben, "By the hub"));
        await ChatFiles.Drops(ben, "film.mp4", "video/mp4", LargestFile);
        await cleo.At("chat-file").Filter(new() { HasText = "film.mp4" }).WaitForAsync();
        await ada.OpenChat();
        Assert.Equal(LargestFile, await ChatFiles.Bytes(ada, "film.mp4"));

        var places = await Places();
        foreach (var end in new[] { server.Stop, server.Kill })
        {
            var refusals = Refusals(ada);
            await end();
            foreach (var one in new[] { ada, ben, cleo }) await one.At("reconnecting").WaitForAsync();
            await Eventually.Holds("the proxy has said that nobody is behind it", () => Task.FromResult(Refusals(ada)), now => now > refusals);
            await server.StartAsync();
            foreach (var one in new[] { ada, ben, cleo }) await one.At("reconnecting").WaitForAsync(new() { State = WaitForSelectorState.Hidden });
            Assert.Equal(places, await Places());
            await SeeAndHearEachOther(ada, ben, cleo);
        }

        async Task<string[]> Places() => [await ada.OwnId(), await ben.OwnId(), await cleo.OwnId()];
    }

    private static string Given(string name) =>
        Environment.GetEnvironmentVariable(name) ?? throw new InvalidOperationException($"{name} is not set: scripts/try-proxies does it.");

    /// <summary>How often Chromium's WebSocket was answered with Bad Gateway.</summary>
    private static int Refusals(Participant one) => one.Console.Count(line => line.Contains("502", StringComparison.Ordinal));

    private static async Task SeeAndHearEachOther(params Participant[] all)
    {
        foreach (var one in all)
        {
            Person[] others = [.. all.Where(other => other != one).Select(other => other.Person)];
            await one.IsWith(others);
            foreach (var other in others) await one.SeesNow(other);
            await one.HearsOnly(others);
            (await one.Observe(5, others)).HoldsOnly(others);
        }
    }
}
