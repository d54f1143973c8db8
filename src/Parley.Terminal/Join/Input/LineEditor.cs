using System.Globalization;
using System.Text;

namespace Parley.Terminal.Join.Input;

/// <summary>One line of text being typed. The caret moves over whole characters as people see them (UAX #29).</summary>
/// <param name="limit">UTF-16 units it may hold; what is more is not taken.</param>
internal sealed class LineEditor(int limit)
{
    public string Text { get; private set; } = "";

    /// <summary>Before which UTF-16 unit the caret stands.</summary>
    public int Caret { get; private set; }

    /// <summary>Does what a key does to a line.</summary>
    /// <returns>False when it means nothing here.</returns>
    public bool Apply(Key key)
    {
        switch (key.Kind)
        {
            case KeyKind.Character: Insert(key.Rune.ToString()); break;
            case KeyKind.Paste: Insert(key.Text); break;
            case KeyKind.Backspace: Delete(Before(), Caret); break;
            case KeyKind.Delete: Delete(Caret, After()); break;
            case KeyKind.Left: Caret = Before(); break;
            case KeyKind.Right: Caret = After(); break;
            case KeyKind.Home: Caret = 0; break;
            case KeyKind.End: Caret = Text.Length; break;
            case KeyKind.Control: return Control((char)key.Rune.Value);
            default: return false;
        }

        return true;
    }

    /// <summary>The line, which is empty afterwards.</summary>
    public string Take()
    {
        var taken = Text;
        (Text, Caret) = ("", 0);
        return taken;
    }

    public void Clear() => Take();

    private bool Control(char letter)
    {
        switch (letter)
        {
            case 'a': Caret = 0; break;
            case 'e': Caret = Text.Length; break;
            case 'u': Delete(0, Caret); break;
            case 'k': Delete(Caret, Text.Length); break;
            case 'w': Delete(WordBefore(), Caret); break;
            default: return false;
        }

        return true;
    }

    private void Insert(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes()) clean.Append(Rune.IsControl(rune) ? " " : rune.ToString());
        var room = limit - Text.Length;
        if (clean.Length > room)
        {
            // Not through the middle of a surrogate pair.
            if (room > 0 && char.IsHighSurrogate(clean[room - 1])) room--;
            clean.Length = Math.Max(room, 0);
        }

        Text = Text.Insert(Caret, clean.ToString());
        Caret += clean.Length;
    }

    private void Delete(int from, int to)
    {
        Text = Text.Remove(from, to - from);
        Caret = from;
    }

    private int After() => Caret == Text.Length ? Caret : Caret + StringInfo.GetNextTextElementLength(Text.AsSpan(Caret));

    private int Before()
    {
        var before = 0;
        for (var at = 0; at < Caret; at += StringInfo.GetNextTextElementLength(Text.AsSpan(at))) before = at;
        return before;
    }

    private int WordBefore()
    {
        var at = Caret;
        while (at > 0 && char.IsWhiteSpace(Text[at - 1])) at--;
        while (at > 0 && !char.IsWhiteSpace(Text[at - 1])) at--;
        return at;
    }
}
