using Parley.Protocol;
using Parley.Terminal.Join.Drawing;
using Parley.Terminal.Join.Room;

namespace Parley.Terminal.Join.View;

/// <summary>Draws the whole meeting into a buffer.</summary>
internal sealed class MeetingView(TimeProvider time)
{
    /// <summary>Cells of the title that are worth more than other facts.</summary>
    private const int LeastTitle = 20;

    private readonly TileView _tile = new();

    /// <summary>Draws it.</summary>
    /// <param name="screen">Cleared and drawn.</param>
    /// <param name="layout">For the screen's size.</param>
    /// <param name="meeting">What is drawn.</param>
    /// <param name="view">How; its scroll is bounded by what there is.</param>
    /// <param name="pictures">Of the tiles.</param>
    public void Draw(CellBuffer screen, MeetingLayout layout, MeetingState meeting, ViewState view, IPictures pictures)
    {
        screen.Clear();
        if (layout.IsTooSmall)
        {
            TooSmall(screen);
            return;
        }

        Header(screen, layout.Header, meeting, view);
        for (var i = 0; i < Math.Min(layout.Tiles.Count, view.Tiles.Count); i++)
        {
            var id = view.Tiles[i];
            _tile.Draw(screen, layout.Tiles[i], meeting.Find(id), meeting, pictures);
        }

        PeopleView.Draw(screen, layout.People, meeting);
        Divider(screen, layout.Divider);
        view.Scroll = TranscriptView.Draw(screen, layout.Chat, meeting.Transcript, view.Scroll, time);
        InputView.Line(screen, layout.Input, view);
        InputView.Keys(screen, layout.Footer, view.Mode);
        if (view.IsHelpShown) HelpView.Draw(screen);
    }

    private static void TooSmall(CellBuffer screen)
    {
        if (screen.Height == 0) return;
        var text = $"Needs {MeetingLayout.LeastWidth}×{MeetingLayout.LeastHeight}, has {screen.Width}×{screen.Height}; you are still in the meeting";
        screen.Write(0, 0, Glyphs.Fit(text, screen.Width));
    }

    private static void Divider(CellBuffer screen, Rect divider)
    {
        var line = divider.Width == 1 ? "│" : "─";
        for (var y = divider.Y; y < divider.Bottom; y++)
        {
            for (var x = divider.X; x < divider.Right; x++) screen.Write(x, y, line, Colors.Quiet, style: CellStyle.Dim);
        }
    }

    private void Header(CellBuffer screen, Rect line, MeetingState meeting, ViewState view)
    {
        screen.Fill(line, Colors.Bar);
        var right = line.Right - 1;
        right = Device(screen, line, right, "cam", view.HasCamera, view.Camera);
        right = Device(screen, line, right, "mic", view.HasMic, view.Mic);

        var (state, ink) = Connection(meeting);
        var people = meeting.People.Count == 1 ? "1 person" : $"{meeting.People.Count} people";
        // Where there is no room for everything, the connection is what one needs to know.
        string[] candidates = [$" · {people} · {Clock.Duration(time.GetUtcNow() - meeting.StartedAt)} · ", $" · {people} · ", " · "];
        var title = Math.Min(Glyphs.Width(meeting.Title), LeastTitle);
        var facts = candidates.FirstOrDefault(facts => Room(facts) >= title, candidates[^1]);
        var room = Room(facts);
        var x = line.X + 1;
        x += screen.Write(x, line.Y, Glyphs.Fit(meeting.Title, Math.Max(room, 4)), Colors.OnBar, Colors.Bar, CellStyle.Bold, Math.Max(right - x, 0));
        x += screen.Write(x, line.Y, facts, Colors.Quiet, Colors.Bar, limit: Math.Max(right - x, 0));
        screen.Write(x, line.Y, state, ink, Colors.Bar, limit: Math.Max(right - x, 0));

        int Room(string facts) => right - line.X - 2 - Glyphs.Width(facts) - state.Length;
    }

    /// <summary>Draws a device's state, ending before <paramref name="right"/>.</summary>
    /// <returns>Where the next to the left ends.</returns>
    private static int Device(CellBuffer screen, Rect line, int right, string name, bool exists, bool isOn)
    {
        var text = exists ? $"{name} {(isOn ? "on" : "off")}" : $"no {name}";
        screen.Write(right - text.Length, line.Y, text, !exists ? Colors.Quiet : isOn ? Colors.Good : Colors.Bad, Colors.Bar, CellStyle.Bold);
        return right - text.Length - 2;
    }

    private static (string Text, Ink Ink) Connection(MeetingState meeting) => meeting switch
    {
        { IsReconnecting: true } => ("reconnecting", Colors.Warning),
        { Media: MediaConnectionState.Connected } => ("connected", Colors.Good),
        { Media: MediaConnectionState.Failed } => ("no media", Colors.Bad),
        { Media: MediaConnectionState.Disconnected } => ("media interrupted", Colors.Warning),
        { Media: MediaConnectionState.Connecting } => ("connecting media", Colors.Warning),
        _ => ("joined", Colors.Good),
    };
}
