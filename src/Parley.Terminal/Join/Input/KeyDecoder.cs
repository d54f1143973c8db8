using System.Buffers;
using System.Text;

namespace Parley.Terminal.Join.Input;

/// <summary>
/// Makes keys of a terminal's bytes (ECMA-48 sequences as xterm sends them, UTF-8, bracketed paste), however they are cut into
/// reads. A lone ESC is the Escape key only when nothing follows: call <see cref="Idle"/> after a moment without bytes.
/// </summary>
internal sealed class KeyDecoder
{
    /// <summary>The most text of one paste that is kept, in UTF-16 units.</summary>
    public const int PasteLimit = 16_384;

    /// <summary>A sequence longer than this is nobody's key.</summary>
    private const int SequenceLimit = 32;

    private const byte Esc = 0x1B;

    private readonly StringBuilder _sequence = new();
    private readonly StringBuilder _paste = new();
    private readonly byte[] _utf8 = new byte[4];
    private int _utf8Length;
    private State _state;
    private bool _pasting;

    private enum State
    {
        Ground,
        Escape,
        Csi,
        Ss3,

        /// <summary>In an OSC, DCS, SOS, PM or APC string: answers to questions that were not ours.</summary>
        String,
        StringEscape,
    }

    /// <summary>Whether an ESC waits for what may follow it.</summary>
    public bool IsWaiting => _state == State.Escape;

    /// <summary>Takes bytes as they were read and adds the keys that they complete.</summary>
    public void Feed(ReadOnlySpan<byte> bytes, ICollection<Key> keys)
    {
        foreach (var b in bytes) Feed(b, keys);
    }

    /// <summary>Nothing came for a moment: a waiting ESC was the Escape key.</summary>
    public void Idle(ICollection<Key> keys)
    {
        if (_state != State.Escape) return;
        _state = State.Ground;
        if (!_pasting) keys.Add(new Key(KeyKind.Escape));
    }

    private void Feed(byte b, ICollection<Key> keys)
    {
        switch (_state)
        {
            case State.Ground:
                Ground(b, keys);
                break;
            case State.Escape:
                Escape(b, keys);
                break;
            case State.Ss3:
                _state = State.Ground;
                Add(Ss3Key(b), keys);
                break;
            case State.Csi:
                Csi(b, keys);
                break;
            case State.String:
                // BEL, CAN and SUB end it; so does ST (ESC \).
                if (b is 0x07 or 0x18 or 0x1A) _state = State.Ground;
                else if (b == Esc) _state = State.StringEscape;
                break;
            default:
                _state = b == (byte)'\\' ? State.Ground : State.String;
                break;
        }
    }

    private void Ground(byte b, ICollection<Key> keys)
    {
        if (_utf8Length > 0 || b >= 0x80)
        {
            Utf8(b, keys);
            return;
        }

        switch (b)
        {
            case Esc:
                _state = State.Escape;
                break;
            case (byte)'\r' or (byte)'\n':
                Add(new Key(KeyKind.Enter), keys);
                break;
            case (byte)'\t':
                Add(new Key(KeyKind.Tab), keys);
                break;
            case 0x7F or 0x08:
                Add(new Key(KeyKind.Backspace), keys);
                break;
            case 0:
                break;
            case <= 26:
                Add(Key.Control((char)('a' + b - 1)), keys);
                break;
            case < 0x20:
                break;
            default:
                Add(Key.Of(new Rune(b)), keys);
                break;
        }
    }

    private void Utf8(byte b, ICollection<Key> keys)
    {
        // A byte that cannot continue what was begun ends it as one wrong character, and is looked at by itself.
        if (_utf8Length > 0 && b is < 0x80 or >= 0xC0)
        {
            _utf8Length = 0;
            Add(Key.Of(Rune.ReplacementChar), keys);
            Ground(b, keys);
            return;
        }

        _utf8[_utf8Length++] = b;
        var status = Rune.DecodeFromUtf8(_utf8.AsSpan(0, _utf8Length), out var rune, out _);
        if (status == OperationStatus.NeedMoreData && _utf8Length < 4) return;
        _utf8Length = 0;
        if (status != OperationStatus.Done) rune = Rune.ReplacementChar;
        // C1 controls are no text.
        if (!Rune.IsControl(rune)) Add(Key.Of(rune), keys);
    }

    private void Escape(byte b, ICollection<Key> keys)
    {
        _state = State.Ground;
        switch (b)
        {
            case (byte)'[':
                _sequence.Clear();
                _state = State.Csi;
                break;
            case (byte)'O':
                _state = State.Ss3;
                break;
            case (byte)']' or (byte)'P' or (byte)'X' or (byte)'^' or (byte)'_':
                _state = State.String;
                break;
            case Esc:
                Add(new Key(KeyKind.Escape), keys);
                _state = State.Escape;
                break;
            case >= 0x20 and < 0x7F:
                Add(Key.Alt(new Rune(b)), keys);
                break;
            default:
                Add(new Key(KeyKind.Escape), keys);
                Ground(b, keys);
                break;
        }
    }

    private void Csi(byte b, ICollection<Key> keys)
    {
        if (b == Esc)
        {
            _state = State.Escape;
        }
        else if (b is >= 0x40 and <= 0x7E)
        {
            _state = State.Ground;
            Add(CsiKey(_sequence.ToString(), (char)b), keys);
        }
        else if (b < 0x20 || b >= 0x7F || _sequence.Length >= SequenceLimit)
        {
            _state = State.Ground;
        }
        else
        {
            _sequence.Append((char)b);
        }
    }

    private void Add(Key? key, ICollection<Key> keys)
    {
        if (key is not { } pressed) return;
        if (pressed == PasteBegins)
        {
            _pasting = true;
            _paste.Clear();
        }
        else if (pressed == PasteEnds)
        {
            if (_pasting) keys.Add(Key.Paste(_paste.ToString()));
            _pasting = false;
        }
        else if (!_pasting)
        {
            keys.Add(pressed);
        }
        else if (_paste.Length < PasteLimit)
        {
            if (pressed.Kind == KeyKind.Character) _paste.Append(pressed.Rune.ToString());
            else if (pressed.Kind == KeyKind.Enter) _paste.Append('\n');
            else if (pressed.Kind == KeyKind.Tab) _paste.Append(' ');
        }
    }

    private static readonly Key PasteBegins = new(KeyKind.Paste, default, "", 200);
    private static readonly Key PasteEnds = new(KeyKind.Paste, default, "", 201);

    private static Key? Ss3Key(byte b) => b switch
    {
        >= (byte)'P' and <= (byte)'S' => Key.Function(b - 'P' + 1),
        (byte)'M' => new Key(KeyKind.Enter),
        _ => Letter((char)b),
    };

    private static Key? CsiKey(string parameters, char final)
    {
        // With a modifier F1–F4 are "1;2P"…; other numbers before an R are where a cursor stands.
        if (final is >= 'P' and <= 'S') return parameters.StartsWith("1;", StringComparison.Ordinal) ? Key.Function(final - 'P' + 1) : null;
        if (final != '~') return Letter(final);
        var end = parameters.IndexOf(';', StringComparison.Ordinal);
        if (!int.TryParse(end < 0 ? parameters : parameters[..end], out var number)) return null;
        return number switch
        {
            1 or 7 => new Key(KeyKind.Home),
            3 => new Key(KeyKind.Delete),
            4 or 8 => new Key(KeyKind.End),
            5 => new Key(KeyKind.PageUp),
            6 => new Key(KeyKind.PageDown),
            >= 11 and <= 15 => Key.Function(number - 10),
            >= 17 and <= 21 => Key.Function(number - 11),
            23 or 24 => Key.Function(number - 12),
            200 => PasteBegins,
            201 => PasteEnds,
            _ => null,
        };
    }

    private static Key? Letter(char final) => final switch
    {
        'A' => new Key(KeyKind.Up),
        'B' => new Key(KeyKind.Down),
        'C' => new Key(KeyKind.Right),
        'D' => new Key(KeyKind.Left),
        'H' => new Key(KeyKind.Home),
        'F' => new Key(KeyKind.End),
        'Z' => new Key(KeyKind.Tab),
        _ => null,
    };
}
