using Parley.Browser.Harness;
using MeetingMode = Parley.Protocol.MeetingMode;

namespace Parley.Browser.Timing;

public sealed class TheServerIsAway(Stage stage) : BrowserTest(stage)
{
    [Fact]
    public async Task Two_who_talk_directly_go_on_without_it_are_told_and_are_back_under_it()
    {
        await using var server = await ServerProcess.StartAsync();
        var ada = await Open(Person.Ada, server: server.Address);
        var ben = await Open(Person.Ben, server: server.Address);
        var link = await ada.Create("Without a server");
        await ada.Enter();
        await ben.Join(link);
        await Task.WhenAll(ada.Goes("peerToPeer"), ben.Goes("peerToPeer"));
        List<(Person From, string Text)> chat = [];
        await Gaps.AreShortIn(async () =>
        {
            await Say("Before");
            await ben.Reads([.. chat]);

            await Task.WhenAll(ada.Record(Person.Ben), ben.Record(Person.Ada));
            await server.Kill();
            await ada.At("server-away").WaitForAsync();
            await ben.At("server-away").WaitForAsync();
            (await ada.Observe(20, Person.Ben)).HoldsOnly(Person.Ben);
            (await ben.Observe(20, Person.Ada)).HoldsOnly(Person.Ada);
            Gaps[] away = [await ada.Recorded("The server stops"), await ben.Recorded("The server stops")];
            await Say("While it was away");

            await Task.WhenAll(ada.Record(Person.Ben), ben.Record(Person.Ada));
            await server.StartAsync();
            foreach (var one in new[] { ada, ben })
            {
                await one.At("server-away").WaitForAsync(new() { State = Microsoft.Playwright.WaitForSelectorState.Hidden });
                await one.Reads([.. chat]);
            }

            // Under the server again, and after the calm directly again.
            await Eventually.Holds("the server knows both", () => server.PathOf(link), path => path.Participants.Count == 2);
            await Eventually.Holds("peer to peer once more", () => server.PathOf(link), path => path.Mode.Mode == MeetingMode.PeerToPeer);
            await Task.WhenAll(ada.Goes("peerToPeer"), ben.Goes("peerToPeer"));
            return [.. away, await ada.Recorded("The server comes back"), await ben.Recorded("The server comes back")];
        });
        (await ada.Observe(5, Person.Ben)).HoldsOnly(Person.Ben);
        (await ben.Observe(5, Person.Ada)).HoldsOnly(Person.Ada);

        Task Say(string text)
        {
            chat.Add((Person.Ada, text));
            return ada.Say(text);
        }
    }
}
