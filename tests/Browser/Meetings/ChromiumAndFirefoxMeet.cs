using Parley.Browser.Harness;

namespace Parley.Browser.Meetings;

public sealed class ChromiumAndFirefoxMeet(Stage stage) : BrowserTest(stage)
{
    [Fact]
    public async Task Chromium_and_Firefox_see_hear_and_read_each_other()
    {
        Assert.SkipWhen(Ports.RealAddress is null, "Firefox never sends media to 127.0.0.1, and this machine has no other IPv4 address.");
        var ada = await Open(Person.Ada);
        var ben = await Open(Person.Ben, await Stage.Browsers.Firefox());
        var link = await ada.Create("Two browsers");
        await ada.Enter();
        await ben.Join(link);
        await Task.WhenAll(ada.Goes("peerToPeer"), ben.Goes("peerToPeer"));

        foreach (var (self, other) in new[] { (ada, Person.Ben), (ben, Person.Ada) })
        {
            await self.IsWith(other);
            await self.Sees(other);
            await self.HearsOnly(other);
            (await self.Observe(10, other)).HoldsOnly(other);
        }

        await ada.Say("From Chromium");
        await ben.Reads((Person.Ada, "From Chromium"));
        await ben.Say("From Firefox");
        await ada.Reads((Person.Ada, "From Chromium"), (Person.Ben, "From Firefox"));
        await ben.Leave();
        await ada.IsWith();
    }
}
