using Parley.Browser.Harness;

namespace Parley.Browser.Meetings;

public sealed class ThreePeopleMeet(Stage stage) : BrowserTest(stage)
{
    [Fact]
    public async Task Three_people_see_hear_and_read_each_other_until_the_creator_ends_it()
    {
        var ada = await Open(Person.Ada);
        var ben = await Open(Person.Ben);
        var cleo = await Open(Person.Cleo);
        var link = await ada.Create("Three people");
        await ada.Enter();
        await ben.Join(link);
        await cleo.Join(link);
        await Task.WhenAll(ada.Goes("server"), ben.Goes("server"), cleo.Goes("server"));

        foreach (var (one, others) in new[]
        {
            (ada, new[] { Person.Ben, Person.Cleo }),
            (ben, [Person.Ada, Person.Cleo]),
            (cleo, [Person.Ada, Person.Ben]),
        })
        {
            await one.IsWith(others);
            await one.Sees(others);
            await one.HearsOnly(others);
            (await one.Observe(10, others)).HoldsOnly(others);
        }

        await ada.Say("Hello to both");
        await ben.Reads((Person.Ada, "Hello to both"));
        await ben.Say("<b>Hello</b> Ada");
        await cleo.Reads((Person.Ada, "Hello to both"), (Person.Ben, "<b>Hello</b> Ada"));
        await cleo.Say("Hello all");
        foreach (var one in new[] { ada, ben, cleo })
            await one.Reads((Person.Ada, "Hello to both"), (Person.Ben, "<b>Hello</b> Ada"), (Person.Cleo, "Hello all"));

        // One leaves; the two others go on as if nothing had been.
        var adaBefore = await ada.ReceivedOf(Person.Ben);
        var benBefore = await ben.ReceivedOf(Person.Ada);
        await cleo.Leave();
        await ada.IsWith(Person.Ben);
        await ben.IsWith(Person.Ada);
        await ada.HearsOnly(Person.Ben);
        await ben.HearsOnly(Person.Ada);
        await Task.WhenAll(ada.Goes("peerToPeer"), ben.Goes("peerToPeer"));
        (await ada.Observe(10, Person.Ben)).HoldsOnly(Person.Ben);
        (await ben.Observe(10, Person.Ada)).HoldsOnly(Person.Ada);
        await GoesOn(ada, Person.Ben, adaBefore);
        await GoesOn(ben, Person.Ada, benBefore);

        await ada.EndForAll();
        foreach (var one in new[] { ada, ben })
        {
            await one.At("ended-page").WaitForAsync();
            Assert.Contains("ended for everyone", await one.At("ended-page").InnerTextAsync(), StringComparison.Ordinal);
        }

        Assert.Contains("Ada", await ben.At("ended-page").InnerTextAsync(), StringComparison.Ordinal);
        await cleo.Go(link);
        await cleo.At("gone-meetingEnded").WaitForAsync();
    }

    private static async Task GoesOn(Participant watcher, Person watched, Received before)
    {
        var after = await Eventually.Holds(
            $"{watcher.Person.Name} decodes on",
            () => watcher.ReceivedOf(watched),
            now => now.FramesDecoded > before.FramesDecoded + 15);
        TestContext.Current.TestOutputHelper?.WriteLine($"{watcher.Person.Name} of {watched.Name}: {before} → {after}");
    }
}
