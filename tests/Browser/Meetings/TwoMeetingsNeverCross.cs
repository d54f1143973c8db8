using Parley.Browser.Harness;

namespace Parley.Browser.Meetings;

public sealed class TwoMeetingsNeverCross(Stage stage) : BrowserTest(stage)
{
    [Fact]
    public async Task No_tone_picture_or_text_of_one_meeting_reaches_another()
    {
        // On the server, where they could cross.
        await using var server = await ServerProcess.StartAsync("--Parley:PeerToPeer:Enabled=false");
        var ada = await Open(Person.Ada, server: server.Address);
        var ben = await Open(Person.Ben, server: server.Address);
        var cleo = await Open(Person.Cleo, server: server.Address);
        var dan = await Open(Person.Dan, server: server.Address);
        var one = await ada.Create("One meeting");
        await ada.Enter();
        await ben.Join(one);
        var other = await cleo.Create("Another meeting");
        await cleo.Enter();
        await dan.Join(other);

        (Participant Self, Person Partner)[] pairs = [(ada, Person.Ben), (ben, Person.Ada), (cleo, Person.Dan), (dan, Person.Cleo)];
        foreach (var (self, partner) in pairs)
        {
            await self.IsWith(partner);
            await self.Sees(partner);
            await self.HearsOnly(partner);
        }

        await ada.Say("Only for meeting one");
        await cleo.Say("Only for the other meeting");
        await ben.Say("Heard in one");
        await dan.Say("Heard in the other");

        foreach (var (self, partner) in pairs)
        {
            (await self.Observe(10, partner)).HoldsOnly(partner);
            await self.IsWith(partner);
        }

        foreach (var self in new[] { ada, ben }) await self.Reads((Person.Ada, "Only for meeting one"), (Person.Ben, "Heard in one"));
        foreach (var self in new[] { cleo, dan }) await self.Reads((Person.Cleo, "Only for the other meeting"), (Person.Dan, "Heard in the other"));

        // The end of one is nothing to the other.
        await ada.EndForAll();
        await ben.At("ended-page").WaitForAsync();
        (await dan.Observe(5, Person.Cleo)).HoldsOnly(Person.Cleo);
    }
}
