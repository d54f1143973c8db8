using System.Text;
using CsCheck;
using Parley.Terminal.Join.Input;

namespace Parley.Terminal.Tests.Join.Input;

public sealed class KeyDecoderTests
{
    private static readonly (string Bytes, Key Key)[] Known =
    [
        ("a", Key.Of(new Rune('a'))), ("é", Key.Of(new Rune('é'))), ("日", Key.Of(new Rune('日'))), ("🙂", Key.Of(new Rune(0x1F642))),
        ("\r", new Key(KeyKind.Enter)), ("\t", new Key(KeyKind.Tab)), ("\u007f", new Key(KeyKind.Backspace)),
        ("\u0015", Key.Control('u')), ("\u0003", Key.Control('c')),
        ("\e[A", new Key(KeyKind.Up)), ("\eOB", new Key(KeyKind.Down)), ("\e[C", new Key(KeyKind.Right)), ("\e[D", new Key(KeyKind.Left)),
        ("\e[1;5C", new Key(KeyKind.Right)), ("\e[H", new Key(KeyKind.Home)), ("\e[4~", new Key(KeyKind.End)), ("\eOF", new Key(KeyKind.End)),
        ("\e[3~", new Key(KeyKind.Delete)), ("\e[5~", new Key(KeyKind.PageUp)), ("\e[6;2~", new Key(KeyKind.PageDown)),
        ("\eOP", Key.Function(1)), ("\e[15~", Key.Function(5)), ("\e[24~", Key.Function(12)),
        ("\em", Key.Alt(new Rune('m'))), ("\e[200~two\rlines\e[201~", Key.Paste("two\nlines")),
    ];

    [Fact]
    public void Makes_the_same_keys_however_the_bytes_are_cut() =>
        Gen.Select(Pick.From(Known).Array[1, 8], Gen.Int[1, 7].Array[1, 20]).Sample((typed, cuts) =>
        {
            var bytes = Encoding.UTF8.GetBytes(string.Concat(typed.Select(key => key.Bytes)));
            var (decoder, keys) = (new KeyDecoder(), new List<Key>());
            for (int at = 0, cut = 0; at < bytes.Length; cut++)
            {
                var length = Math.Min(cuts[cut % cuts.Length], bytes.Length - at);
                decoder.Feed(bytes.AsSpan(at, length), keys);
                at += length;
            }

            Assert.Equal(typed.Select(key => key.Key), keys);
        });

    [Fact]
    public void A_lone_escape_is_the_escape_key_once_nothing_follows()
    {
        var (decoder, keys) = (new KeyDecoder(), new List<Key>());
        decoder.Feed("\e"u8, keys);
        Assert.Empty(keys);
        Assert.True(decoder.IsWaiting);

        decoder.Idle(keys);

        Assert.Equal([new Key(KeyKind.Escape)], keys);
        Assert.False(decoder.IsWaiting);
    }

    [Theory]
    [InlineData("\e]11;rgb:0000/0000/0000\u0007x")]
    [InlineData("\e]11;rgb:0000/0000/0000\e\\x")]
    [InlineData("\eP1+r544e\e\\x")]
    [InlineData("\e[?62;22cx")]
    [InlineData("\e[24;80Rx")]
    [InlineData("\e[999~x")]
    public void Passes_over_what_a_terminal_answers(string bytes) => Assert.Equal([Key.Of(new Rune('x'))], Decode(Encoding.UTF8.GetBytes(bytes)));

    [Theory]
    [InlineData(new byte[] { 0xC3, 0x28 })]
    [InlineData(new byte[] { 0xFF, 0x28 })]
    [InlineData(new byte[] { 0xE2, 0x82, 0x28 })]
    public void Broken_utf_8_is_one_wrong_character(byte[] bytes) =>
        Assert.Equal([Key.Of(Rune.ReplacementChar), Key.Of(new Rune('('))], Decode(bytes));

    [Fact]
    public void A_paste_runs_no_commands_and_is_bounded()
    {
        var pasted = "\e[200~" + "\u0003\e[A\em" + new string('x', 2 * KeyDecoder.PasteLimit) + "\e[201~";

        var key = Assert.Single(Decode(Encoding.UTF8.GetBytes(pasted)));

        Assert.Equal(new string('x', KeyDecoder.PasteLimit), key.Text);
    }

    [Fact]
    public void Any_bytes_are_survived() => Gen.Byte.Array.Sample(bytes =>
    {
        var keys = new List<Key>();
        var decoder = new KeyDecoder();
        decoder.Feed(bytes, keys);
        decoder.Idle(keys);
        Assert.True(keys.Count <= bytes.Length + 1);
    });

    private static List<Key> Decode(byte[] bytes)
    {
        var keys = new List<Key>();
        new KeyDecoder().Feed(bytes, keys);
        return keys;
    }
}
