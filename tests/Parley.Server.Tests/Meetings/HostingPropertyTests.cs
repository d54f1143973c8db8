using CsCheck;
using Parley.Protocol;
using Parley.Server.Meetings;

namespace Parley.Server.Tests.Meetings;

/// <summary>Whatever people do to each other in whatever order, what the rules promise holds, and a restart changes nothing of it.</summary>
public sealed class HostingPropertyTests
{
    private enum Kind
    {
        Join,
        Leave,
        Role,
        Rights,
        Off,
        Media,
        Raise,
        Lower,
        Rename,
        Remove,
        Settings,
        Knocks,
    }

    private static readonly Gen<(Kind Kind, int Who, int Whom, int Number)[]> Steps =
        Gen.Select(Gen.Enum<Kind>(), Gen.Int[0, 7], Gen.Int[0, 7], Gen.Int[0, 31]).Array[0, 40];

    [Fact]
    public Task There_is_always_a_host_and_nobody_sends_what_they_may_not() => Steps.SampleAsync(
        async steps =>
        {
            var server = await new MeetingFixture().StartAsync();
            var (meeting, secret) = await server.CreateAsync(plan: new CreateMeeting("Weekly", "Ada", Capacity: 6));
            List<Guest> guests = [await Guest.JoinAsync(meeting, "Ada", secret: secret), await Guest.JoinAsync(meeting, "Bob", MeetingFixture.On)];
            var knocks = new List<RecordingLink>();
            foreach (var (kind, who, whom, number) in steps)
            {
                var by = guests[who % guests.Count];
                var target = guests[whom % guests.Count];
                switch (kind)
                {
                    case Kind.Join:
                        await ComeAsync(meeting, $"Guest {number}", MediaOf(number), guests, knocks);
                        break;
                    case Kind.Leave when guests.Count > 1:
                        await meeting.LeaveAsync(by.Link);
                        guests.Remove(by);
                        break;
                    case Kind.Role:
                        await meeting.SetRoleAsync(by.Link, new SetRole(target.Id, (Role)(number % 3)));
                        break;
                    case Kind.Rights:
                        await meeting.ChangeSettingsAsync(by.Link, new SettingsChange(RightsOf(number)));
                        break;
                    case Kind.Off:
                        await meeting.SwitchOffAsync(by.Link, new SwitchOff(number % 2 == 0 ? null : target.Id, (MediaSource)(number % 3)));
                        break;
                    case Kind.Media:
                        await meeting.SetMediaAsync(by.Link, MediaOf(number));
                        break;
                    case Kind.Raise:
                        await meeting.SetHandAsync(by.Link, number % 4 != 0);
                        break;
                    case Kind.Lower:
                        await meeting.LowerHandsAsync(by.Link, number % 2 == 0 ? null : target.Id);
                        break;
                    case Kind.Rename:
                        await meeting.RenameAsync(by.Link, new Rename(target.Id, $"Name {number}"));
                        break;
                    case Kind.Remove:
                        if ((await meeting.RemoveAsync(by.Link, new RemoveParticipant(target.Id, number % 2 == 0))).Value) guests.Remove(target);
                        break;
                    case Kind.Settings:
                        await meeting.ChangeSettingsAsync(by.Link, new SettingsChange(Locked: number % 4 == 0, Lobby: number % 2 == 0));
                        break;
                    case Kind.Knocks:
                        await meeting.AnswerKnockAsync(by.Link, new KnockAnswer(null, number % 3 != 0));
                        break;
                }
            }

            // Who waits, or was let in and has not come, has heard nothing of the others.
            Assert.All(knocks, knock => Assert.All(knock.Unread(), name => Assert.Contains(name, new[] { MeetingEvents.Admitted, MeetingEvents.TurnedAway })));
            var before = await SnapshotAsync(meeting, guests[0]);
            Check(before);
            await server.StartAsync();
            var after = await SnapshotAsync(await server.FindAsync(meeting.Id), guests[0]);
            Assert.Equal(before.Settings, after.Settings);
            Assert.Equal(before.Participants.Select(Kept), after.Participants.Select(Kept));
        },
        iter: 200);

    private static void Check(MeetingSnapshot meeting)
    {
        var rights = meeting.Settings.Rights;
        Assert.InRange(meeting.Participants.Count, 1, 6);
        Assert.Contains(meeting.Participants, participant => participant.Role == Role.Host);
        foreach (var (role, media) in meeting.Participants.Select(participant => (participant.Role, participant.Media)))
        {
            if (role == Role.Listener) Assert.Equal(new MediaState(false, false), media);
            if (role != Role.Participant) continue;
            Assert.True((rights.Mic || !media.Mic) && (rights.Camera || !media.Cam) && (rights.Screen || !media.Screen), $"{media} with {rights}");
        }

        var hands = meeting.Participants.Where(participant => participant.HandRaisedAt is not null).Select(participant => participant.HandRaisedAt).ToList();
        Assert.Equal(hands.Count, hands.Distinct().Count());
    }

    private static async Task ComeAsync(Meeting meeting, string name, MediaState media, List<Guest> guests, List<RecordingLink> knocks)
    {
        var link = new RecordingLink();
        var reply = await meeting.JoinAsync(new JoinRequest(meeting.Id, name, null, null, media), link);
        if (reply.Value is { } joined) guests.Add(new Guest(meeting, link, joined));
        else if (reply.Error!.Code == ErrorCodes.Waiting) knocks.Add(link);
        else Assert.Contains(reply.Error.Code, new[] { ErrorCodes.MeetingFull, ErrorCodes.MeetingLocked });
    }

    /// <summary>As one of them sees it who comes back.</summary>
    private static async Task<MeetingSnapshot> SnapshotAsync(Meeting meeting, Guest guest) =>
        (await Guest.JoinAsync(meeting, "Back", token: guest.Joined.ResumeToken)).Joined.Meeting;

    /// <summary>A screen is not shared again by a restart.</summary>
    private static (string, string, Role, bool, bool, DateTimeOffset?) Kept(Participant participant) =>
        (participant.Id, participant.Name, participant.Role, participant.Media.Mic, participant.Media.Cam, participant.HandRaisedAt);

    private static MediaState MediaOf(int number) => new((number & 1) != 0, (number & 2) != 0, (number & 4) != 0);

    private static Rights RightsOf(int number) =>
        new((number & 1) != 0, (number & 2) != 0, (number & 4) != 0, (number & 8) != 0, (number & 16) != 0);
}
