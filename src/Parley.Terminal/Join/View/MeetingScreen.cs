using System.Text;
using Parley.Client.Meetings;
using Parley.Protocol;
using Parley.Terminal.Join.Drawing;
using Parley.Terminal.Join.Input;
using Parley.Terminal.Join.Room;

namespace Parley.Terminal.Join.View;

/// <summary>The interactive meeting without the terminal: keys go in, frames and wishes what to see come out. One thread.</summary>
internal sealed class MeetingScreen
{
    private readonly MeetingState _state;
    private readonly MeetingControls _controls;
    private readonly ViewState _view;
    private readonly MeetingView _drawing;
    private readonly IPictures _pictures;
    private readonly FrameWriter _writer = new();
    private readonly bool _hasVideo;
    private readonly ColorDepth _depth;
    private CellBuffer? _shown;
    private CellBuffer? _next;
    private MeetingLayout _layout;

    public MeetingScreen(
        MeetingState state, MeetingControls controls, IPictures pictures, int chatLimit, bool hasVideo, ColorDepth depth, TimeProvider time)
    {
        (_state, _controls, _pictures, _depth) = (state, controls, pictures, depth);
        // Pictures are nothing but colours.
        _hasVideo = hasVideo && depth != ColorDepth.None;
        _view = new ViewState(chatLimit) { HasMic = controls.HasMic, HasCamera = controls.HasCamera };
        _drawing = new MeetingView(time);
        _layout = MeetingLayout.For(0, 0, 0, 0);
    }

    /// <summary>Whom to ask for, and how large: after the last frame.</summary>
    public IReadOnlyList<ViewRequest> Wanted { get; private set; } = [];

    /// <summary>Whether one's own camera is on the screen.</summary>
    public bool ShowsOwnCamera => _view.Tiles.Contains(_state.OwnId);

    /// <summary>What was drawn is gone: the next frame draws all.</summary>
    public void Forget() => _shown = null;

    /// <summary>Draws the meeting as it is now.</summary>
    /// <returns>Bytes for the terminal, valid until the next call; none when nothing has changed.</returns>
    public ReadOnlyMemory<byte> Frame(int width, int height)
    {
        if (_next is null || _next.Width != width || _next.Height != height)
            (_next, _shown) = (new CellBuffer(width, height, _depth), null);

        (_view.Mic, _view.Camera) = (_controls.Mic, _controls.Camera);
        var tiles = _hasVideo ? TilePolicy.Choose(_state.People, _state.OwnId, _state.IsSpeaking, _state.Dominant, _view.Tiles, TileGrid.Most) : [];
        if (!tiles.SequenceEqual(_view.Tiles)) _pictures.KeepOnly(tiles);
        _view.Tiles = tiles;
        _layout = MeetingLayout.For(width, height, _state.People.Count, _view.Tiles.Count);
        _drawing.Draw(_next, _layout, _state, _view, _pictures);
        var frame = _writer.Write(_next, _shown);
        (_next, _shown) = (_shown ?? new CellBuffer(width, height, _depth), _next);
        Want();
        return frame;
    }

    public void Press(Key key)
    {
        if (_view.IsHelpShown)
        {
            _view.IsHelpShown = false;
            return;
        }

        if (Everywhere(key)) return;
        if (_view.Mode == InputMode.Keys) Command(key);
        else if (key.Kind == KeyKind.Enter) Send();
        else _view.Editor.Apply(key);
    }

    /// <summary>Keys that do the same in both modes.</summary>
    private bool Everywhere(Key key)
    {
        switch (key.Kind)
        {
            case KeyKind.Tab or KeyKind.Escape:
                _view.Mode = _view.Mode == InputMode.Chat ? InputMode.Keys : InputMode.Chat;
                break;
            case KeyKind.PageUp:
                _view.Scroll += Math.Max(_layout.Chat.Height - 1, 1);
                break;
            case KeyKind.PageDown:
                _view.Scroll = Math.Max(_view.Scroll - Math.Max(_layout.Chat.Height - 1, 1), 0);
                break;
            case KeyKind.Function when key.Number == 1:
                _view.IsHelpShown = true;
                break;
            case KeyKind.Alt:
                return Letter(key.Rune);
            case KeyKind.Control when key.Rune.Value == 'l':
                Forget();
                break;
            case KeyKind.Control when key.Rune.Value == 'd' && _view.Editor.Text.Length == 0:
                _controls.Do(MeetingAction.Leave);
                break;
            default:
                return false;
        }

        return true;
    }

    private void Command(Key key)
    {
        if (key.Kind == KeyKind.Enter) _view.Mode = InputMode.Chat;
        else if (key.Kind == KeyKind.Character) Letter(key.Rune);
    }

    /// <summary>The letters of the browser's meeting page.</summary>
    private bool Letter(Rune rune)
    {
        switch (Rune.ToLowerInvariant(rune).Value)
        {
            case 'm': _controls.Do(MeetingAction.ToggleMic); break;
            case 'v': _controls.Do(MeetingAction.ToggleCamera); break;
            case 'p': _controls.Do(MeetingAction.ListPeople); break;
            case 'l': _controls.Do(MeetingAction.Leave); break;
            case 'c': _view.Mode = InputMode.Chat; break;
            case '?': _view.IsHelpShown = true; break;
            default: return false;
        }

        return true;
    }

    private void Send()
    {
        var line = _view.Editor.Take();
        _view.Scroll = 0;
        if (SlashCommand.TryParse(line, out var action, out _) && action == MeetingAction.Help) _view.IsHelpShown = true;
        else _controls.Enter(line);
    }

    private void Want()
    {
        if (!_hasVideo || _layout.IsTooSmall)
        {
            Wanted = [];
            return;
        }

        var wanted = new List<ViewRequest>(_view.Tiles.Count);
        for (var i = 0; i < _view.Tiles.Count; i++)
        {
            if (_view.Tiles[i] == _state.OwnId) continue;
            var picture = TileGrid.Picture(_layout.Tiles[i]);
            wanted.Add(new ViewRequest(_view.Tiles[i], VideoSourceKind.Camera, picture.Width, picture.Height * 2));
        }

        Wanted = wanted;
    }
}
