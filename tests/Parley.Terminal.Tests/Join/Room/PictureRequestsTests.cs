using Microsoft.Extensions.Time.Testing;
using Parley.Client;
using Parley.Client.Meetings;
using Parley.Protocol;
using Parley.Terminal.Join.Room;

namespace Parley.Terminal.Tests.Join.Room;

public sealed class PictureRequestsTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly List<IReadOnlyList<ViewRequest>> _asked = [];
    private readonly List<string> _notices = [];
    private readonly PictureRequests _requests;
    private ParleyException? _refusal;

    public PictureRequestsTests() => _requests = new PictureRequests(
        view =>
        {
            _asked.Add(view);
            return _refusal is null ? Task.CompletedTask : Task.FromException(_refusal);
        },
        _notices.Add,
        TimeSpan.FromSeconds(1),
        _time);

    [Fact]
    public void Asks_at_once_then_only_for_something_else_and_not_too_often()
    {
        _requests.Want([View("b", 10)]);
        _requests.Want([View("b", 11)]);
        _requests.Want([View("b", 12)]);
        Assert.Single(_asked);
        _time.Advance(TimeSpan.FromSeconds(1));
        _requests.Want([View("b", 12)]);
        _time.Advance(TimeSpan.FromSeconds(1));
        _requests.Want([View("b", 12)]);

        Assert.Equal([[View("b", 10)], [View("b", 12)]], _asked);
    }

    [Fact]
    public void Pictures_that_stand_still_are_asked_for_anew()
    {
        _requests.Want([View("b", 10), View("c", 10)]);
        _requests.AskAgain("b");
        for (var i = 0; i < 4; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            _requests.Want([View("b", 10), View("c", 10)]);
        }

        Assert.Equal([[View("b", 10), View("c", 10)], [View("c", 10)], [View("b", 10), View("c", 10)]], _asked);
    }

    [Fact]
    public void A_refusal_is_told_and_a_lost_connection_is_not()
    {
        _refusal = new ParleyException(ParleyError.Refused, "Too often", "rateLimited");
        _requests.Want([View("b", 10)]);
        _refusal = new ParleyException(ParleyError.Lost, "Lost");
        _time.Advance(TimeSpan.FromSeconds(1));
        _requests.Want([View("c", 10)]);

        Assert.Equal(["Too often"], _notices);
    }

    [Fact]
    public void Saving_asks_for_everyone_there_are_slots_for_at_a_size_worth_keeping()
    {
        Participant[] people = [People.Of("a", cam: true), People.Of("b", cam: true), People.Of("c"), People.Of("d", cam: true), People.Of("e", cam: true)];

        Assert.Equal(["d", "b"], ViewPlan.ForSaving([View("d", 20)], people, "a", slots: 2).Select(view => view.ParticipantId));
        Assert.All(ViewPlan.ForSaving([View("d", 20)], people, "a", slots: 8), view => Assert.Equal((640, 360), (view.Width, view.Height)));
        Assert.Equal(3, ViewPlan.ForSaving([], people, "a", slots: 8).Count);
    }

    private static ViewRequest View(string id, int size) => new(id, VideoSourceKind.Camera, size, size);
}
