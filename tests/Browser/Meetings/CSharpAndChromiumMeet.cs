using Parley.Browser.Harness;

namespace Parley.Browser.Meetings;

public sealed class CSharpAndChromiumMeet(Stage stage) : BrowserTest(stage)
{
    [Fact]
    public async Task Two_in_CSharp_and_one_in_Chromium_see_hear_and_read_each_other()
    {
        var ada = await Open(Person.Ada);
        var link = await ada.Create("Of both kinds");
        await ada.Enter();
        await using var ben = await CSharpParticipant.JoinAsync(Stage.Server.Address, link, Person.Ben);
        await using var cleo = await CSharpParticipant.JoinAsync(Stage.Server.Address, link, Person.Cleo);

        await ada.IsWith(Person.Ben, Person.Cleo);
        await ada.Goes("server");
        await ada.Sees(Person.Ben, Person.Cleo);
        await ada.HearsOnly(Person.Ben, Person.Cleo);
        (await ada.Observe(10, Person.Ben, Person.Cleo)).HoldsOnly(Person.Ben, Person.Cleo);
        foreach (var (one, others) in new[] { (ben, new[] { Person.Ada, Person.Cleo }), (cleo, [Person.Ada, Person.Ben]) })
        {
            await one.IsWith(others);
            await one.Sees(others);
            await one.HearsOnly(others);
            (await one.Observe(10, others)).HoldsOnly(others);
        }

        await ada.Say("Hello to both");
        await ben.Reads((Person.Ada, "Hello to both"));
        await ben.Say("Hello Ada");
        await cleo.Reads((Person.Ada, "Hello to both"), (Person.Ben, "Hello Ada"));
        await cleo.Say("Hello all");
        await ada.Reads((Person.Ada, "Hello to both"), (Person.Ben, "Hello Ada"), (Person.Cleo, "Hello all"));

        // One leaves, and what the others hear and see goes on without them.
        await cleo.Meeting.LeaveAsync(TestContext.Current.CancellationToken);
        await ada.IsWith(Person.Ben);
        await ben.IsWith(Person.Ada);
        await ada.HearsOnly(Person.Ben);
        await ben.HearsOnly(Person.Ada);
        await ada.Goes("peerToPeer");
        (await ben.Observe(10, Person.Ada)).HoldsOnly(Person.Ada);
    }

    [Fact]
    public async Task A_muted_microphone_and_a_switched_off_camera_are_neither_heard_nor_sent()
    {
        var ada = await Open(Person.Ada);
        var link = await ada.Create("Muted");
        await ada.Enter();
        await using var ben = await CSharpParticipant.JoinAsync(Stage.Server.Address, link, Person.Ben);
        await ada.Sees(Person.Ben);
        await ada.HearsOnly(Person.Ben);

        await ben.Meeting.SetMediaAsync(mic: false, camera: false, TestContext.Current.CancellationToken);
        await ada.Shows(Person.Ben, mic: false, cam: false);
        await ada.SeesAvatarOf(Person.Ben);
        await ada.HearsOnly();

        await ben.Meeting.SetMediaAsync(mic: true, camera: true, TestContext.Current.CancellationToken);
        await ada.Sees(Person.Ben);
        await ada.HearsOnly(Person.Ben);
    }
}
