using CsCheck;
using Parley.Client.Meetings;
using Parley.Protocol;

namespace Parley.Client.Tests.Meetings;

public sealed class MeetingModelTests
{
    private static readonly Gen<Participant> People = Gen.Select(Gen.Int[1, 6], Gen.Bool, (id, mic) => FakeHub.Person($"{id}", mic));
    private static readonly Gen<string> Ids = Gen.Int[0, 6].Select(id => $"{id}");

    private static readonly Gen<Action<MeetingModel>> Steps = Gen.OneOf(
        People.Select<Participant, Action<MeetingModel>>(person => model => model.Put(person)),
        Ids.Where(id => id != "0").Select<string, Action<MeetingModel>>(id => model => model.Remove(id, LeaveReason.Left)),
        Gen.Select(Ids.Array[0, 4], Ids).Select<(string[], string), Action<MeetingModel>>(who => model => model.SetSpeakers(new Protocol.SpeakersChanged(who.Item1, who.Item2))),
        People.Array[0, 6].Select<Participant[], Action<MeetingModel>>(people => model =>
        {
            model.Lose("lost");
            model.Join(Snapshot([FakeHub.Person("0"), .. people.DistinctBy(person => person.Id)]));
        }));

    [Fact]
    public void Who_applies_the_events_to_the_snapshot_has_the_state() =>
        Steps.Array[0, 30].Sample(steps =>
        {
            var events = new List<MeetingEvent>();
            var model = new MeetingModel(events.Add);
            model.Join(Snapshot([FakeHub.Person("0"), FakeHub.Person("1")]));
            var people = model.Now!.Participants.ToDictionary(person => person.Id);
            foreach (var step in steps)
            {
                events.Clear();
                step(model);
                foreach (var told in events)
                {
                    if (told is ParticipantJoined joined) people.Add(joined.Participant.Id, joined.Participant);
                    if (told is ParticipantChanged changed) people[changed.Participant.Id] = changed.Participant;
                    if (told is ParticipantGone gone) Assert.True(people.Remove(gone.Participant.Id));
                }

                var now = model.Now!;
                Assert.Equal(now.Participants.OrderBy(person => person.Id), people.Values.OrderBy(person => person.Id));
                Assert.All(now.Speaking, id => Assert.True(people.ContainsKey(id)));
                Assert.True(now.Dominant is null || people.ContainsKey(now.Dominant));
            }
        });

    [Fact]
    public void Missed_chat_is_told_once_in_order_however_long_the_snapshot() =>
        Gen.Select(Gen.Int[0, 700], Gen.Int[0, 700], Gen.Int[1, 700]).Sample((known, missed, kept) =>
        {
            var all = Enumerable.Range(0, known + missed).Select(i => FakeHub.Line($"{i}")).ToList();
            var events = new List<MeetingEvent>();
            var model = new MeetingModel(events.Add);
            model.Join(Snapshot([FakeHub.Person("0")], all.Take(known).TakeLast(kept)));
            model.Join(Snapshot([FakeHub.Person("0")], all.TakeLast(kept)));
            var expected = all.Skip(known).TakeLast(Math.Min(kept, MeetingModel.ChatKept)).ToList();
            Assert.Equal(expected, events.OfType<Client.Meetings.ChatAdded>().Select(added => added.Message));
            Assert.Equal(all.TakeLast(Math.Min(kept, MeetingModel.ChatKept)), model.Now!.Chat);
        });

    [Fact]
    public void What_comes_twice_changes_nothing()
    {
        var events = new List<MeetingEvent>();
        var model = new MeetingModel(events.Add);
        model.Join(Snapshot([FakeHub.Person("0"), FakeHub.Person("1")]));
        model.AddChat(FakeHub.Line("a"));
        model.AddChat(FakeHub.Line("a"));
        model.Put(FakeHub.Person("1"));
        model.Remove("nobody", LeaveReason.Left);
        model.SetSpeakers(new Protocol.SpeakersChanged([], null));
        model.SetMediaConnection(MediaConnectionState.Connected, null);
        model.SetMediaConnection(MediaConnectionState.Connected, null);
        Assert.Equal(2, events.Count);
    }

    [Fact]
    public void A_snapshot_without_oneself_or_with_nobody_in_it_is_not_sound()
    {
        Assert.True(MeetingModel.IsSound(Snapshot([FakeHub.Person("0")])));
        Assert.False(MeetingModel.IsSound(Snapshot([FakeHub.Person("0")]) with { Limits = new Limits(60, 120, 5000, 50, 1_000_000_000) }));
        Assert.False(MeetingModel.IsSound(Snapshot([FakeHub.Person("1")])));
        Assert.False(MeetingModel.IsSound(Snapshot([FakeHub.Person("0"), null!])));
        Assert.False(MeetingModel.IsSound(Snapshot([FakeHub.Person("0")], [null!])));
        Assert.False(MeetingModel.IsSound(Snapshot([.. Enumerable.Range(0, 10_001).Select(i => FakeHub.Person($"{i}"))])));
    }

    private static Joined Snapshot(IReadOnlyList<Participant> participants, IEnumerable<ChatMessage>? chat = null) => new(
        "0", "token", true, new MeetingSnapshot("m", "Weekly", "Ada", DateTimeOffset.UnixEpoch, null, new MeetingSettings(Rights.All, false, false, false), participants, [.. chat ?? []], new ModeState(MeetingMode.Server, ModePin.Auto, ModeReason.Started, DateTimeOffset.UnixEpoch)),
        new Limits(60, 120, 5000, 50, 8), []);
}
