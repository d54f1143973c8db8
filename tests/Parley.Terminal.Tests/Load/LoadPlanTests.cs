using CsCheck;
using Parley.Client;
using Parley.Client.Meetings;
using Parley.Protocol;
using Parley.Terminal.Load;

namespace Parley.Terminal.Tests.Load;

public sealed class LoadPlanTests
{
    [Fact]
    public void Everyone_is_in_a_meeting_and_what_there_is_to_hear_and_see_is_what_others_send() =>
        Gen.Select(Gen.Int[1, 120], Gen.Int[1, 20], Gen.Int[0, 12], Gen.Int[0, 12], Gen.Int[0, 8]).Sample((participants, meetings, talkers, cameras, view) =>
        {
            var options = new LoadOptions { Participants = participants, Meetings = Math.Min(meetings, participants), Talkers = talkers, Cameras = cameras, View = view };
            options.Check();
            var plan = LoadPlan.Of(options);
            Assert.Equal(Enumerable.Range(0, participants), plan.Select(place => place.Index));
            Assert.Equal(participants, plan.DistinctBy(place => place.Name).Count());
            var rooms = plan.GroupBy(place => place.Meeting).ToList();
            Assert.Equal((options.Meetings, LoadPlan.LargestMeeting(options)), (rooms.Count, rooms.Max(room => room.Count())));
            foreach (var room in rooms)
            {
                Assert.Equal((Math.Min(room.Count(), talkers), Math.Min(room.Count(), options.CamerasOn)), (room.Count(place => place.Talks), room.Count(place => place.HasCamera)));
                Assert.All(room, place =>
                {
                    Assert.Equal(room.Any(other => other != place && other.Talks), place.Hears);
                    Assert.Equal(Math.Min(view, room.Count(other => other != place && other.HasCamera)), place.Sees);
                });
            }
        });

    [Fact]
    public void Who_decrypts_are_as_many_as_asked_lie_evenly_and_the_last_is_among_them() =>
        Gen.Select(Gen.Int[1, 500], Gen.Int[0, 20]).Sample((size, sample) =>
        {
            var chosen = Enumerable.Range(0, size).Where(place => LoadPlan.IsSampled(place, size, Math.Min(size, sample))).ToList();
            Assert.Equal(Math.Min(size, sample), chosen.Count);
            if (sample > 0) Assert.Equal(size - 1, chosen[^1]);
            var most = ((size - 1) / Math.Max(1, Math.Min(size, sample))) + 1;
            Assert.All(chosen.Zip(chosen.Skip(1)), pair => Assert.InRange(pair.Second - pair.First, 1, most));
        });

    [Fact]
    public void All_decrypt_unless_a_number_is_said()
    {
        Assert.All(LoadPlan.Of(new LoadOptions()), place => Assert.True(place.Decrypts));
        var few = LoadPlan.Of(new LoadOptions { Participants = 20, Meetings = 2, Decrypting = 3 });
        Assert.Equal([3, 3], few.Where(place => place.Decrypts).CountBy(place => place.Meeting).Select(meeting => meeting.Value));
    }

    [Fact]
    public void Cameras_are_as_many_as_are_shown_unless_said_and_none_without_a_bitrate()
    {
        Assert.Equal(4, new LoadOptions().CamerasOn);
        Assert.Equal(7, new LoadOptions { Cameras = 7 }.CamerasOn);
        Assert.Equal(0, new LoadOptions { Cameras = 7, VideoBitrate = 0 }.CamerasOn);
        Assert.Equal(0, new LoadOptions { Cameras = 7, View = 0 }.CamerasOn);
    }

    [Fact]
    public void A_view_keeps_whom_it_has_and_begins_behind_oneself()
    {
        var everyone = Enumerable.Range(0, 5).Select(n => Someone($"p{n}", camera: n != 3)).ToList();
        var view = LoadParticipant.ViewOf(everyone, "p1", [], 2);
        Assert.Equal(["p2", "p4"], view.Select(request => request.ParticipantId));
        Assert.Equal(["p2", "p4", "p0"], LoadParticipant.ViewOf(everyone, "p1", view, 3).Select(request => request.ParticipantId));
        everyone.RemoveAt(2);
        Assert.Equal(["p4", "p0"], LoadParticipant.ViewOf(everyone, "p1", view, 2).Select(request => request.ParticipantId));
        Assert.Empty(LoadParticipant.ViewOf(everyone, "p1", [], 0));
    }

    private static Participant Someone(string id, bool camera) =>
        new(id, id, Role.Participant, new MediaState(false, camera), Presence.Connected, DateTimeOffset.UnixEpoch);
}
