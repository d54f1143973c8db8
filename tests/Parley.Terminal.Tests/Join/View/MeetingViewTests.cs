using Microsoft.Extensions.Time.Testing;
using Parley.Client.Meetings;
using Parley.Protocol;
using Parley.Terminal.Join.Drawing;
using Parley.Terminal.Join.Input;
using Parley.Terminal.Join.Room;
using Parley.Terminal.Join.View;
using Parley.Terminal.Tests.Join.Drawing;
using Parley.Terminal.Tests.Join.Room;

namespace Parley.Terminal.Tests.Join.View;

public sealed class MeetingViewTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 12, 3, 4, TimeSpan.Zero));
    private readonly MeetingState _state;
    private readonly ViewState _view = new(5000) { HasMic = true, Mic = true };
    private readonly PaintedPictures _pictures = new();

    public MeetingViewTests()
    {
        _state = new MeetingState("Weekly planning", _time.GetUtcNow() - TimeSpan.FromSeconds(65), "a", _time);
        _state.Sync("a", [People.Of("a", "Ada", mic: true), People.Of("b", "Ben", cam: true), People.Of("c", "Cleo", cam: true)]);
        _view.Tiles = ["b", "c"];
    }

    [Theory]
    [InlineData(120, 40)]
    [InlineData(60, 24)]
    [InlineData(40, 12)]
    public void Shows_the_meeting_its_people_and_its_chat(int width, int height)
    {
        _state.Apply(new ChatAdded(new ChatMessage("1", "b", "Ben", "shall we begin?", _time.GetUtcNow())));
        _pictures.Colors["b"] = (200, 10, 10);
        var screen = Draw(width, height);

        var text = Text(screen);
        Assert.Contains("Week", text[0], StringComparison.Ordinal);
        Assert.Contains("mic on", text[0], StringComparison.Ordinal);
        Assert.Contains(text, line => line.Contains("Ada (you)", StringComparison.Ordinal));
        Assert.Contains(text, line => line.Contains("12:03 Ben: shall we begin?", StringComparison.Ordinal));
        Assert.StartsWith("> Type to chat", text[^2], StringComparison.Ordinal);
        Assert.Contains("Enter  send", text[^1], StringComparison.Ordinal);
        Assert.Contains(Cells(screen), cell => cell.Background == Ink.Rgb(200, 10, 10));
        Assert.Contains(text, line => line.Contains("no picture yet", StringComparison.Ordinal));
    }

    [Fact]
    public void Wide_windows_tell_how_many_and_for_how_long() =>
        Assert.StartsWith(" Weekly planning · 3 people · 1:05 · joined", Text(Draw(120, 40))[0], StringComparison.Ordinal);

    [Fact]
    public void Marks_the_tile_of_who_speaks()
    {
        Assert.DoesNotContain(Text(Draw(120, 40)), line => line.Contains('●'));
        _state.Apply(new Client.Meetings.SpeakersChanged(["c"], "c"));

        var screen = Draw(120, 40);

        var tile = MeetingLayout.For(120, 40, 3, 2).Tiles[1];
        Assert.Contains("● Cleo", Text(screen)[tile.Bottom - 1], StringComparison.Ordinal);
        Assert.Equal(Colors.SpeakingBar, screen[tile.X + 1, tile.Bottom - 1].Background);
    }

    [Fact]
    public void Says_whose_picture_is_paused_until_it_comes_again()
    {
        _state.Apply(new PictureQualityChanged(new PictureQuality("c", VideoSourceKind.Camera, SlotLevel.Paused, SlotLimit.Bandwidth)));
        _state.Apply(new PictureQualityChanged(new PictureQuality("b", VideoSourceKind.Screen, SlotLevel.Paused, SlotLimit.Bandwidth)));
        var text = Text(Draw(120, 40));
        Assert.Contains(text, line => line.Contains("paused: slow network", StringComparison.Ordinal));
        Assert.Contains("paused", text[MeetingLayout.For(120, 40, 3, 2).Tiles[1].Bottom - 1], StringComparison.Ordinal);
        _state.Apply(new PictureQualityChanged(new PictureQuality("c", VideoSourceKind.Camera, SlotLevel.Reduced, SlotLimit.Bandwidth)));
        Assert.DoesNotContain(Text(Draw(120, 40)), line => line.Contains("paused", StringComparison.Ordinal));
    }

    [Fact]
    public void Hostile_names_and_words_are_only_words()
    {
        _state.Sync("a", [People.Of("a", "Ada"), People.Of("b", "\e[2J\e]0;owned\aEve\u202E", cam: true)]);
        _state.Apply(new ChatAdded(new ChatMessage("1", "b", "\e[31mEve", "\e[?1049l\u009b2J\rbye\u0007\n12:00 Ada: I agree", _time.GetUtcNow())));
        _view.Tiles = ["b"];
        var (terminal, writer) = (new VirtualTerminal(120, 40), new FrameWriter());

        // Fails on any sequence that is not ours.
        terminal.Feed(writer.Write(Draw(120, 40), null).Span);

        // What begins a line of its own is indented: nobody can write as someone else.
        Assert.Contains(Enumerable.Range(0, 40).Select(terminal.Line), line => line.Contains("│       12:00 Ada: I agree", StringComparison.Ordinal));
    }

    [Fact]
    public void A_window_that_is_too_small_says_what_it_needs()
    {
        var screen = Draw(30, 8);

        Assert.StartsWith("Needs 40×12, has 30×8; you a", Text(screen)[0], StringComparison.Ordinal);
        Assert.All(Text(screen).Skip(1), line => Assert.True(string.IsNullOrWhiteSpace(line)));
    }

    [Fact]
    public void The_caret_stands_where_the_text_goes_even_in_a_long_line()
    {
        foreach (var rune in (new string('x', 300) + "日").EnumerateRunes()) _view.Editor.Apply(Key.Of(rune));

        var screen = Draw(60, 20);

        Assert.Equal((59, 18), screen.Cursor);
        Assert.EndsWith("x日", Text(screen)[18].TrimEnd(), StringComparison.Ordinal);
        _view.Editor.Apply(new Key(KeyKind.Home));
        Assert.Equal((2, 18), Draw(60, 20).Cursor);
    }

    [Fact]
    public void Older_chat_is_scrolled_to_and_not_beyond()
    {
        for (var i = 0; i < 100; i++) _state.Notice($"line {i}");
        _view.Scroll = 1000;
        var text = Text(Draw(120, 40));

        Assert.Contains(text, line => line.Contains("line 0", StringComparison.Ordinal));
        Assert.DoesNotContain(text, line => line.Contains("line 99", StringComparison.Ordinal));
        Assert.InRange(_view.Scroll, 1, 99);
    }

    [Fact]
    public void Without_colours_nothing_is_coloured_and_speaking_is_seen_all_the_same()
    {
        _state.Apply(new Client.Meetings.SpeakersChanged(["b"], "b"));
        var screen = new CellBuffer(100, 30, ColorDepth.None);
        Draw(screen);

        Assert.All(Cells(screen), cell => Assert.True(cell.Foreground.IsDefault && cell.Background.IsDefault));
        Assert.Contains(Text(screen), line => line.Contains("● Ben", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("one two three", 7, "one two|three")]
    [InlineData("incomprehensibilities", 6, "incomp|rehens|ibilit|ies")]
    [InlineData("日本語日本語", 5, "日本|語日|本語")]
    [InlineData("a\n\nb", 5, "a||b")]
    [InlineData("", 5, "")]
    public void Breaks_lines_by_cells(string text, int cells, string lines) => Assert.Equal(lines, string.Join('|', TextWrap.Lines(text, cells, cells)));

    private CellBuffer Draw(int width, int height)
    {
        var screen = new CellBuffer(width, height);
        Draw(screen);
        return screen;
    }

    private void Draw(CellBuffer screen) => new MeetingView(_time).Draw(
        screen, MeetingLayout.For(screen.Width, screen.Height, _state.People.Count, _view.Tiles.Count), _state, _view, _pictures);

    private static string[] Text(CellBuffer screen) =>
        [.. Enumerable.Range(0, screen.Height).Select(y => string.Concat(screen.Row(y).ToArray().Where(cell => !cell.IsContinuation).Select(cell => cell.Rune + cell.Marks)))];

    private static IEnumerable<Cell> Cells(CellBuffer screen) => Enumerable.Range(0, screen.Height).SelectMany(y => screen.Row(y).ToArray());
}
