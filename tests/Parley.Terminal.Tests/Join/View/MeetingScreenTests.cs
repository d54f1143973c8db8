using Parley.Client.Meetings;
using Parley.Protocol;
using Parley.Terminal.Join.Drawing;
using Parley.Terminal.Join.Input;
using Parley.Terminal.Join.Room;
using Parley.Terminal.Join.View;
using Parley.Terminal.Tests.Harness;
using Parley.Terminal.Tests.Join.Drawing;

namespace Parley.Terminal.Tests.Join.View;

/// <summary>Keys into a real meeting, frames onto a terminal of the test.</summary>
public sealed class MeetingScreenTests(LiveServer live) : IClassFixture<LiveServer>, IAsyncLifetime
{
    private readonly Inbox _inbox = new();
    private readonly KeyDecoder _keys = new();
    private readonly PaintedPictures _pictures = new();
    private VirtualTerminal _terminal = new(100, 30);
    private MeetingSession _session = null!;
    private MeetingState _state = null!;
    private MeetingControls _controls = null!;
    private MeetingScreen _screen = null!;
    private string _meetingId = "";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _meetingId = (await live.Client.CreateMeetingAsync("Weekly", "Ada", Token)).Id;
        _session = await live.Client.JoinAsync(_meetingId, new JoinOptions { Name = "Ada", Media = false }, Token);
        _state = new MeetingState(_session.Title, _session.Meeting.StartedAt, _session.ParticipantId, TimeProvider.System);
        _state.Sync(_session.ParticipantId, _session.Participants);
        _controls = new MeetingControls(_session, _state, _inbox, hasMic: true, hasCamera: true);
        _screen = new MeetingScreen(_state, _controls, _pictures, _session.Limits.ChatLength, hasVideo: true, ColorDepth.True, TimeProvider.System);
        _ = ReadAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _inbox.Close();
        await _session.DisposeAsync();
    }

    [Fact]
    public async Task What_is_typed_is_said_and_comes_back()
    {
        Type("helo\e[Dl\r");
        await UntilShownAsync("Ada: hello");

        Assert.Equal(["hello"], _session.Chat.Select(line => line.Text));
    }

    [Fact]
    public async Task Letters_are_commands_after_tab_and_text_again_after_c()
    {
        Type("\tm");
        await Conditions.UntilAsync(() => Drained(() => _session.Media.Mic), "the microphone is on");
        Assert.Contains("mic on", Line(0), StringComparison.Ordinal);
        Type("cm\r");
        await UntilShownAsync("Ada: m");
        Assert.True(_controls.Mic);
        Type("\em");
        await Conditions.UntilAsync(() => Drained(() => !_session.Media.Mic), "the microphone is off");
        Assert.Contains("mic off", Line(0), StringComparison.Ordinal);
    }

    [Fact]
    public void Pasted_text_is_neither_sent_nor_a_command_until_enter()
    {
        Type("\e[200~/leave\rnow\e[201~");
        Assert.False(_controls.IsLeaving);
        Assert.Contains("> /leave now", Line(28), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/leave\r")]
    [InlineData("\tL")]
    [InlineData("\u0004")]
    public void Leaving_takes_a_command_or_a_key(string typed)
    {
        Type(typed);
        Assert.True(_controls.IsLeaving);
    }

    [Fact]
    public void Help_covers_the_screen_until_any_key()
    {
        Type("/help\r");
        Assert.Contains(Enumerable.Range(0, 30).Select(Line), line => line.Contains("Any key closes this", StringComparison.Ordinal));
        Type("x");
        Assert.DoesNotContain(Enumerable.Range(0, 30).Select(Line), line => line.Contains("Any key closes this", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Asks_for_the_pictures_that_it_has_tiles_for_in_their_size()
    {
        await using var ben = await live.Client.JoinAsync(_meetingId, new JoinOptions { Name = "Ben", Media = false, Camera = true }, Token);
        await Conditions.UntilAsync(() => Drained(() => _state.People.Count == 2), "Ben is there");
        Frame();

        var tile = TileGrid.Picture(MeetingLayout.For(100, 30, 2, 1).Tiles[0]);
        Assert.Equal([new ViewRequest(ben.ParticipantId, VideoSourceKind.Camera, tile.Width, tile.Height * 2)], _screen.Wanted);
        Assert.Equal([ben.ParticipantId], _pictures.Kept);
        Assert.Contains(Enumerable.Range(0, 30).Select(Line), line => line.Contains("no picture yet", StringComparison.Ordinal));
        _terminal = new VirtualTerminal(30, 9);
        _screen.Frame(30, 9);
        Assert.Empty(_screen.Wanted);
    }

    [Fact]
    public async Task A_source_that_ends_switches_its_device_off_and_says_why()
    {
        Type("\tv");
        await Conditions.UntilAsync(() => Drained(() => _session.Media.Cam), "the camera is on");
        _controls.DeviceEnded(Device.Camera, "The camera is off: \"x.mp4\" is not there");
        await Conditions.UntilAsync(() => Drained(() => !_session.Media.Cam), "the camera is off");

        await UntilShownAsync("The camera is off");
        Assert.False(_controls.Camera);
    }

    [Fact]
    public async Task What_the_server_refuses_is_said()
    {
        Type("\e[200~" + new string('x', 4000) + "\e[201~");
        Type("\e[200~" + new string('y', 4000) + "\e[201~\r");
        await Conditions.UntilAsync(() => Drained(() => _session.Chat.Count == 1), "one line");

        // The line takes no more than the server does.
        Assert.Equal(_session.Limits.ChatLength, _session.Chat[0].Text.Length);
    }

    private async Task ReadAsync()
    {
        await foreach (var happened in _session.ReadEventsAsync(CancellationToken.None)) await _inbox.PostAsync(() => _controls.Apply(happened));
    }

    private void Type(string bytes)
    {
        var keys = new List<Key>();
        _keys.Feed(System.Text.Encoding.UTF8.GetBytes(bytes), keys);
        foreach (var key in keys) _screen.Press(key);
        Frame();
    }

    private void Frame() => _terminal.Feed(_screen.Frame(100, 30).Span);

    private bool Drained(Func<bool> condition)
    {
        _inbox.Drain();
        Frame();
        return condition();
    }

    private string Line(int y) => _terminal.Line(y);

    private Task UntilShownAsync(string text) =>
        Conditions.UntilAsync(() => Drained(() => Enumerable.Range(0, 30).Any(y => Line(y).Contains(text, StringComparison.Ordinal))), text);
}
