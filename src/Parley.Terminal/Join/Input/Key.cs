using System.Text;

namespace Parley.Terminal.Join.Input;

/// <summary>What was pressed.</summary>
internal enum KeyKind
{
    /// <summary>A character: <see cref="Key.Rune"/>.</summary>
    Character,

    /// <summary>Ctrl with a letter: <see cref="Key.Rune"/> is the letter, lower case.</summary>
    Control,

    /// <summary>Alt with a character: <see cref="Key.Rune"/>.</summary>
    Alt,

    /// <summary>Text put in at once: <see cref="Key.Text"/>.</summary>
    Paste,

    /// <summary>F1–F12: <see cref="Key.Number"/>.</summary>
    Function,

    Enter,
    Tab,
    Escape,
    Backspace,
    Delete,
    Left,
    Right,
    Up,
    Down,
    Home,
    End,
    PageUp,
    PageDown,
}

/// <summary>One key.</summary>
internal readonly record struct Key(KeyKind Kind, Rune Rune = default, string Text = "", int Number = 0)
{
    public static Key Of(Rune rune) => new(KeyKind.Character, rune);

    public static Key Control(char letter) => new(KeyKind.Control, new Rune(letter));

    public static Key Alt(Rune rune) => new(KeyKind.Alt, rune);

    public static Key Paste(string text) => new(KeyKind.Paste, default, text);

    public static Key Function(int number) => new(KeyKind.Function, default, "", number);
}
