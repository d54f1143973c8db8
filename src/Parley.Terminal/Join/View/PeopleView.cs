using Parley.Protocol;
using Parley.Terminal.Join.Drawing;
using Parley.Terminal.Join.Room;

namespace Parley.Terminal.Join.View;

/// <summary>Draws who is there: who speaks first when not all fit.</summary>
internal static class PeopleView
{
    private const int FlagsWidth = 8;

    public static void Draw(CellBuffer screen, Rect area, MeetingState meeting)
    {
        if (area.IsEmpty) return;
        var people = meeting.People.OrderBy(person => meeting.IsSpeaking(person.Id) ? 0 : 1).ToList();
        if (area.Height == 1)
        {
            OneLine(screen, area, meeting, people);
            return;
        }

        screen.Write(area.X + 1, area.Y, "People", Colors.Quiet, style: CellStyle.Bold, limit: area.Width - 1);
        var rows = area.Height - 1;
        var listed = people.Count <= rows ? meeting.People : people.Take(rows - 1);
        var row = area.Y + 1;
        foreach (var person in listed) Person(screen, area with { Y = row++, Height = 1 }, meeting, person);
        if (people.Count > rows) screen.Write(area.X + 3, row, $"and {people.Count - rows + 1} more (/who)", Colors.Quiet, limit: area.Width - 3);
    }

    /// <summary>A name with the word that tells it is ours.</summary>
    public static string NameOf(Participant person, MeetingState meeting) => person.Id == meeting.OwnId ? person.Name + " (you)" : person.Name;

    private static void Person(CellBuffer screen, Rect line, MeetingState meeting, Participant person)
    {
        var speaking = meeting.IsSpeaking(person.Id);
        screen.Write(line.X + 1, line.Y, speaking ? "●" : " ", Colors.Good);
        var away = person.Presence == Presence.Reconnecting;
        var flags = away ? "away" : (person.Media.Mic ? "mic " : "  · ") + (person.Media.Cam ? "cam" : "  ·");
        var name = Glyphs.Fit(NameOf(person, meeting), line.Width - 3 - FlagsWidth);
        screen.Write(line.X + 3, line.Y, name, Colors.OfName(person.Id), style: speaking ? CellStyle.Bold : CellStyle.Plain);
        screen.Write(line.Right - FlagsWidth, line.Y, flags, away ? Colors.Warning : Colors.Quiet, limit: FlagsWidth);
    }

    private static void OneLine(CellBuffer screen, Rect line, MeetingState meeting, List<Participant> people)
    {
        var x = line.X + 1;
        foreach (var person in people)
        {
            var text = (meeting.IsSpeaking(person.Id) ? "●" : "") + NameOf(person, meeting);
            if (x + Glyphs.Width(text) > line.Right - 2)
            {
                screen.Write(x, line.Y, "…", Colors.Quiet, limit: line.Right - x);
                break;
            }

            x += screen.Write(x, line.Y, text, Colors.OfName(person.Id)) + 2;
        }
    }
}
