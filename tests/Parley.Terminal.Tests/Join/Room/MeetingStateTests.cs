using Microsoft.Extensions.Time.Testing;
using Parley.Client.Meetings;
using Parley.Protocol;
using Parley.Terminal.Join.Room;

namespace Parley.Terminal.Tests.Join.Room;

public sealed class MeetingStateTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 12, 3, 4, TimeSpan.Zero));
    private readonly MeetingState _state;

    public MeetingStateTests()
    {
        _state = new MeetingState("Weekly", _time.GetUtcNow(), "a", _time);
        _state.Sync("a", [People.Of("b", "Ben"), People.Of("a", "Ada")]);
    }

    [Fact]
    public void People_stand_in_the_order_they_came() => Assert.Equal(["a", "b"], _state.People.Select(person => person.Id));

    [Fact]
    public void Tells_who_comes_goes_and_may_come_back()
    {
        _state.Apply(new ParticipantJoined(People.Of("c", "Cleo")));
        _state.Apply(new ParticipantChanged(People.Of("c", "Cleo", presence: Presence.Reconnecting)));
        _state.Apply(new ParticipantChanged(People.Of("c", "Cleo")));
        _state.Apply(new ParticipantGone(People.Of("c", "Cleo"), LeaveReason.Left));
        _state.Apply(new ParticipantGone(People.Of("b", "Ben"), LeaveReason.ConnectionLost));

        Assert.Equal(
            ["Cleo joined", "Cleo lost the connection and may come back", "Cleo is back", "Cleo left", "Ben is gone: the connection was lost"], Lines());
        Assert.Equal(["a"], _state.People.Select(person => person.Id));
    }

    [Fact]
    public void What_came_with_the_snapshot_is_not_told_again_by_events()
    {
        var hello = new ChatMessage("1", "b", "Ben", "hello", _time.GetUtcNow());
        _state.History([hello]);
        _state.Apply(new ChatAdded(hello));
        _state.Apply(new ParticipantJoined(People.Of("b", "Ben")));

        Assert.Equal(["hello"], Lines());
    }

    [Fact]
    public void What_is_private_or_a_file_says_so_and_what_is_deleted_is_gone()
    {
        var secret = new ChatMessage("1", "b", "Ben", "psst", _time.GetUtcNow(), new ChatPerson("a", "Ada"));
        _state.Apply(new ChatAdded(secret));
        _state.Apply(new ChatAdded(new ChatMessage("2", "b", "Ben", "", _time.GetUtcNow(), File: new ChatFile("f", "plan.pdf", "application/pdf", 12_345))));
        _state.Apply(new SignGiven(People.Of("b", "Ben"), "🎉"));
        Assert.Equal(["[private to Ada] psst", "[file: plan.pdf, 12,345 bytes]", "Ben: 🎉"], Lines());

        _state.Apply(new ChatChanged(secret.Without(new ChatDeletion(_time.GetUtcNow(), new ChatPerson("b", "Ben"), false))));
        Assert.Equal(["[private to Ada] [deleted]", "[file: plan.pdf, 12,345 bytes]", "Ben: 🎉", "A message of Ben was deleted"], Lines());
    }

    [Fact]
    public void Who_is_gone_speaks_no_more()
    {
        _state.Apply(new Client.Meetings.SpeakersChanged(["b"], "b"));
        Assert.True(_state.IsSpeaking("b"));
        _state.Apply(new ParticipantGone(People.Of("b", "Ben"), LeaveReason.Left));
        Assert.False(_state.IsSpeaking("b"));
    }

    [Fact]
    public void Tells_when_the_server_is_away_and_back()
    {
        _state.Apply(new Reconnecting("The server is away"));
        Assert.True(_state.IsReconnecting);
        _state.Apply(new Reconnected(true));
        Assert.False(_state.IsReconnecting);

        Assert.Equal(["The server is away", "The connection is back"], Lines());
    }

    [Fact]
    public void Keeps_the_last_thousand_lines()
    {
        for (var i = 0; i < Transcript.Kept + 5; i++) _state.Notice($"{i}");

        Assert.Equal(Transcript.Kept, _state.Transcript.Entries.Count);
        Assert.Equal("5", _state.Transcript.Entries.First().Text);
        Assert.Equal(["1003", "1004"], _state.Transcript.Since(_state.Transcript.Total - 2).Select(entry => entry.Text));
    }

    private IEnumerable<string> Lines() => _state.Transcript.Entries.Select(entry => entry.Text);
}
