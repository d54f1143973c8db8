using System.Text;
using CsCheck;
using Parley.Terminal.Join.Input;

namespace Parley.Terminal.Tests.Join.Input;

public sealed class LineEditorTests
{
    private readonly LineEditor _line = new(40);

    [Fact]
    public void Inserts_where_the_caret_is()
    {
        Type("hllo");
        Press(KeyKind.Home, KeyKind.Right);
        Type("e");

        Assert.Equal(("hello", 2), (_line.Text, _line.Caret));
    }

    [Fact]
    public void Deletes_a_whole_character_as_people_see_it()
    {
        Type("a👩\u200D💻e\u0301");
        Press(KeyKind.Backspace);
        Assert.Equal("a👩\u200D💻", _line.Text);
        Press(KeyKind.Backspace);
        Assert.Equal("a", _line.Text);
        Press(KeyKind.Backspace, KeyKind.Backspace);
        Assert.Equal("", _line.Text);
    }

    [Fact]
    public void Ctrl_W_takes_a_word_and_Ctrl_U_all_before_the_caret()
    {
        Type("one two  three");
        _line.Apply(Key.Control('w'));
        Assert.Equal("one two  ", _line.Text);
        _line.Apply(Key.Control('w'));
        Assert.Equal("one ", _line.Text);
        Press(KeyKind.Left);
        _line.Apply(Key.Control('u'));
        Assert.Equal((" ", 0), (_line.Text, _line.Caret));
    }

    [Fact]
    public void A_paste_becomes_one_line()
    {
        _line.Apply(Key.Paste("two\nlines\u001b[31m"));

        Assert.Equal("two lines [31m", _line.Text);
    }

    [Fact]
    public void Never_holds_more_than_its_limit_nor_half_a_character()
    {
        _line.Apply(Key.Paste(new string('x', 39) + "🙂"));

        Assert.Equal(new string('x', 39), _line.Text);
    }

    [Fact]
    public void Any_keys_leave_a_caret_between_characters()
    {
        var keys = Gen.OneOf(
            Pick.From("a", " ", "é", "🙂", "\u0301", "日", "\u200D").Select(text => Key.Of(text.EnumerateRunes().First())),
            Pick.From(KeyKind.Backspace, KeyKind.Delete, KeyKind.Left, KeyKind.Right, KeyKind.Home, KeyKind.End).Select(kind => new Key(kind)),
            Pick.From('a', 'e', 'u', 'k', 'w').Select(Key.Control));
        keys.Array[0, 60].Sample(pressed =>
        {
            var line = new LineEditor(20);
            foreach (var key in pressed) Assert.True(line.Apply(key));
            Assert.InRange(line.Caret, 0, line.Text.Length);
            Assert.InRange(line.Text.Length, 0, 20);
            Assert.False(line.Caret < line.Text.Length && char.IsLowSurrogate(line.Text[line.Caret]));
        });
    }

    [Theory]
    [InlineData("/mic", MeetingAction.ToggleMic)]
    [InlineData("/cam ", MeetingAction.ToggleCamera)]
    [InlineData("/who", MeetingAction.ListPeople)]
    [InlineData("/leave", MeetingAction.Leave)]
    [InlineData("/help", MeetingAction.Help)]
    [InlineData("/etc/passwd", MeetingAction.Unknown)]
    internal void A_slash_begins_a_command(string typed, MeetingAction action)
    {
        Assert.True(SlashCommand.TryParse(typed, out var parsed, out _));
        Assert.Equal(action, parsed);
    }

    [Theory]
    [InlineData("hello", "hello")]
    [InlineData("//etc", "/etc")]
    [InlineData(" /mic", " /mic")]
    public void Everything_else_is_chat(string typed, string chat)
    {
        Assert.False(SlashCommand.TryParse(typed, out _, out var sent));
        Assert.Equal(chat, sent);
    }

    private void Type(string text)
    {
        foreach (var rune in text.EnumerateRunes()) Assert.True(_line.Apply(Key.Of(rune)));
    }

    private void Press(params KeyKind[] kinds)
    {
        foreach (var kind in kinds) Assert.True(_line.Apply(new Key(kind)));
    }
}
