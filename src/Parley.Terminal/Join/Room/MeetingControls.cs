using Parley.Client;
using Parley.Client.Meetings;
using Parley.Terminal.Join.Input;

namespace Parley.Terminal.Join.Room;

/// <summary>
/// What one can do in a meeting. Calls go out without waiting; what came of them is said in the transcript. All methods but
/// <see cref="DeviceEnded"/> and <see cref="Notice"/> belong to the meeting's thread.
/// </summary>
internal sealed class MeetingControls
{
    /// <summary>Lines of chat on their way at once: more than anyone types while a server is away.</summary>
    private const int MostWaiting = 64;

    private readonly MeetingSession _session;
    private readonly MeetingState _state;
    private readonly Inbox _inbox;
    private Task _chat = Task.CompletedTask;
    private int _waiting;

    public MeetingControls(MeetingSession session, MeetingState state, Inbox inbox, bool hasMic, bool hasCamera)
    {
        (_session, _state, _inbox, HasMic, HasCamera) = (session, state, inbox, hasMic, hasCamera);
        TakeMedia();
    }

    public bool HasMic { get; }

    public bool HasCamera { get; }

    public bool Mic { get; private set; }

    public bool Camera { get; private set; }

    /// <summary>Whether the user asked to leave.</summary>
    public bool IsLeaving { get; private set; }

    /// <summary>A microphone or camera is switched on: it may have to be opened again.</summary>
    public event Action<Device>? SwitchedOn;

    public void Do(MeetingAction action)
    {
        switch (action)
        {
            case MeetingAction.ToggleMic:
                if (HasMic) Switch(!Mic, Camera);
                else _state.Notice("There is no microphone: join with --mic to have one");
                break;
            case MeetingAction.ToggleCamera:
                if (HasCamera) Switch(Mic, !Camera);
                else _state.Notice("There is no camera: join with --camera to have one");
                break;
            case MeetingAction.Leave:
                IsLeaving = true;
                break;
            case MeetingAction.ListPeople:
                foreach (var person in _state.People) _state.Notice(Describe(person));
                break;
            case MeetingAction.Help:
                _state.Notice($"What you type is chat. Commands: {SlashCommand.Names}");
                break;
            default:
                _state.Notice($"There is no such command; there are {SlashCommand.Names}. Begin with // to say a slash.");
                break;
        }
    }

    /// <summary>Takes a typed line: chat, or a command.</summary>
    public void Enter(string line)
    {
        if (SlashCommand.TryParse(line, out var action, out var chat)) Do(action);
        else if (!string.IsNullOrWhiteSpace(chat)) Say(chat);
    }

    /// <summary>An event of the session.</summary>
    public void Apply(MeetingEvent happened)
    {
        _state.Apply(happened);
        if (happened is Reconnected) _state.Sync(_session.ParticipantId, _session.Participants);
        if (happened is Reconnected || happened is ParticipantChanged(var who) && who.Id == _state.OwnId) TakeMedia();
    }

    /// <summary>A source has come to its end, or failed. Any thread.</summary>
    public void DeviceEnded(Device device, string message) => _ = _inbox.PostAsync(() =>
    {
        _state.Notice(message);
        if (device == Device.Microphone && Mic) Switch(false, Camera);
        else if (device == Device.Camera && Camera) Switch(Mic, false);
    });

    /// <summary>A sentence for the transcript. Any thread.</summary>
    public void Notice(string message) => _ = _inbox.PostAsync(() => _state.Notice(message));

    /// <summary>Waits until all that was typed is said, or refused.</summary>
    public Task WhenSaidAsync() => _chat;

    private void Say(string text)
    {
        if (_waiting >= MostWaiting)
        {
            _state.Notice("Not sent: too much is waiting for the server already");
            return;
        }

        _waiting++;
        _chat = SayAsync(_chat, text);
    }

    private async Task SayAsync(Task before, string text)
    {
        await before;
        await TryAsync("Not sent", () => _session.SendChatAsync(text));
        _ = _inbox.PostAsync(() => _waiting--);
    }

    private void Switch(bool mic, bool camera)
    {
        var (micOn, cameraOn) = (mic && !Mic, camera && !Camera);
        (Mic, Camera) = (mic, camera);
        if (micOn) SwitchedOn?.Invoke(Device.Microphone);
        if (cameraOn) SwitchedOn?.Invoke(Device.Camera);
        _ = SwitchAsync(mic, camera);
    }

    private async Task SwitchAsync(bool mic, bool camera)
    {
        if (!await TryAsync("Not switched", () => _session.SetMediaAsync(mic, camera))) await _inbox.PostAsync(TakeMedia);
    }

    private async Task<bool> TryAsync(string failed, Func<Task> call)
    {
        try
        {
            await call();
            return true;
        }
        catch (ParleyException e)
        {
            Notice($"{failed}: {e.Message}");
            return false;
        }
    }

    private void TakeMedia() => (Mic, Camera) = (_session.Media.Mic, _session.Media.Cam);

    private string Describe(Protocol.Participant person)
    {
        var own = person.Id == _state.OwnId ? " (you)" : "";
        var away = person.Presence == Protocol.Presence.Reconnecting ? ", reconnecting" : "";
        return $"{person.Name}{own}: microphone {(person.Media.Mic ? "on" : "off")}, camera {(person.Media.Cam ? "on" : "off")}{away}";
    }
}
