using Parley.Protocol;
using Parley.Terminal.Join.Drawing;
using Parley.Terminal.Join.Room;

namespace Parley.Terminal.Join.View;

/// <summary>Draws one tile: the picture, and below it a line with the name and whether they speak.</summary>
internal sealed class TileView
{
    private byte[] _rgb = [];

    public void Draw(CellBuffer screen, Rect tile, Participant? who, MeetingState meeting, IPictures pictures)
    {
        var picture = TileGrid.Picture(tile);
        if (who is null || picture.IsEmpty) return;
        screen.Fill(picture, Colors.NoPicture);
        if (pictures.Sample(who.Id, (width, height) => TileGrid.Fit(picture, width, height), ref _rgb) is var (width, height))
            HalfBlocks.Draw(screen, picture.X + ((picture.Width - width) / 2), picture.Y + ((picture.Height - (height / 2)) / 2), _rgb, width, height);
        else
            Middle(screen, picture, meeting.IsPaused(who.Id) ? "paused: slow network or busy server" : "no picture yet");

        Name(screen, tile with { Y = picture.Bottom, Height = 1 }, who, meeting);
    }

    private static void Name(CellBuffer screen, Rect line, Participant who, MeetingState meeting)
    {
        var isSpeaking = meeting.IsSpeaking(who.Id);
        // Without colours speaking is seen by the mark and the reverse line.
        var (paper, style) = isSpeaking ? (Colors.SpeakingBar, CellStyle.Bold | CellStyle.Reverse) : (Colors.Bar, CellStyle.Plain);
        if (screen.Depth != ColorDepth.None) style &= ~CellStyle.Reverse;
        screen.Fill(line, paper, style);
        var flags = who.Presence == Presence.Reconnecting ? "reconnecting" : meeting.IsPaused(who.Id) ? "paused" : who.Media.Mic ? "" : "mic off";
        var room = line.Width - 4 - (flags.Length == 0 ? 0 : flags.Length + 1);
        screen.Write(line.X + 1, line.Y, isSpeaking ? "●" : " ", Colors.Good, paper, style);
        screen.Write(line.X + 3, line.Y, Glyphs.Fit(PeopleView.NameOf(who, meeting), Math.Max(room, 1)), Colors.OnBar, paper, style | CellStyle.Bold, line.Width - 3);
        if (room > 8) screen.Write(line.Right - flags.Length - 1, line.Y, flags, Colors.Quiet, paper, style);
    }

    private static void Middle(CellBuffer screen, Rect area, string text)
    {
        var shown = Glyphs.Fit(text, area.Width);
        screen.Write(area.X + ((area.Width - shown.Length) / 2), area.Y + (area.Height / 2), shown, Colors.Quiet, Colors.NoPicture);
    }
}
