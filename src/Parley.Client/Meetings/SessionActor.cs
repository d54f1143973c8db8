using Microsoft.Extensions.Logging;
using Parley.Protocol;

namespace Parley.Client.Meetings;

/// <summary>
/// One session over any number of hub connections and media legs: an actor with one mailbox. Everything that changes it is a step
/// there, and no step waits: what takes time runs outside and posts what came of it.
/// </summary>
internal sealed partial class SessionActor
{
    private const int LargestSide = 16_384;

    /// <summary>The server's own bound on what it reads before it counts (protocol.md §2), and the largest message that it takes.</summary>
    private const int RawFactor = 4;

    private const int LongestRawChat = 40_000;

    private readonly SessionContext _context;
    private readonly ILogger _log;
    private readonly Mailbox _mailbox;
    private readonly MeetingModel _model;
    private readonly PendingCalls _calls;
    private bool _over;

    /// <summary>What is wanted of the devices; what the server has taken is in the model.</summary>
    private MediaState _wanted;

    /// <summary>Changes of devices on their way.</summary>
    private int _mediaCalls;

    public SessionActor(SessionContext context)
    {
        _context = context;
        _log = context.Logs.CreateLogger("Parley.Client.Meetings.MeetingSession");
        _model = new MeetingModel(Events.Write);
        _mailbox = new Mailbox(OnFault);
        _calls = new PendingCalls(step => _mailbox.Post(step), link => OnClosed(link), context.Time);
        _wanted = new MediaState(context.Options.Mic, context.Options.Camera);
    }

    public EventStream Events { get; } = new();

    /// <summary>Not before the first join.</summary>
    public SessionSnapshot Now => _model.Now!;

    /// <summary>To everyone, or to one alone.</summary>
    public async Task<ChatMessage> SendChatAsync(string text, string? to, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(text);
        var limit = Now.Limits.ChatLength;
        if (text.Length > Math.Min((long)RawFactor * limit, LongestRawChat))
            throw new ParleyException(ParleyError.Refused, $"A message needs 1 to {limit} characters, at least one of them visible.", ErrorCodes.TextInvalid);
        var clientId = Guid.NewGuid().ToString("N");
        return await CallAsync(new PendingCall<ChatMessage>("sendChat", [new SendChat(clientId, text, to)]) { Tag = text }, null, cancellation).ConfigureAwait(false);
    }

    public Task<ChatPage> ReadChatBeforeAsync(ChatBefore page, CancellationToken cancellation) =>
        CallAsync(new PendingCall<ChatPage>("chatBefore", [page]), null, cancellation);

    public Task<ChatMessage> SendFileAsync(string name, Stream content, string? to, CancellationToken cancellation) =>
        Files.SendAsync(_context.MeetingId, Token, name, to, content, cancellation);

    public Task GetFileAsync(ChatFile file, Stream to, CancellationToken cancellation) =>
        Files.GetAsync(_context.MeetingId, Token, file, to, cancellation);

    public Task SetMediaAsync(MediaState media, CancellationToken cancellation)
    {
        var call = new PendingCall<bool>("setMedia", [media], _ => OnMediaTaken(media), OnMediaRefused);
        return CallAsync(call, () => BeginSetMedia(media), cancellation);
    }

    public Task SetModeAsync(ModePin pin, CancellationToken cancellation) =>
        CallAsync(new PendingCall<bool>("setMode", [pin]), null, cancellation);

    public Task CancelMeetingAsync(string? secret, CancellationToken cancellation) =>
        CallAsync(new PendingCall<bool>("cancel", [secret ?? _context.Options.CreatorSecret]) { EndsMeeting = true }, null, cancellation);

    /// <summary>A call of which the server tells all what came of it.</summary>
    public Task DoAsync(string method, object? argument, CancellationToken cancellation) =>
        CallAsync(new PendingCall<bool>(method, [argument]), null, cancellation);

    public Role Role => Now is var now && now.Participants.FirstOrDefault(participant => participant.Id == now.ParticipantId) is { } self
        ? self.Role
        : Role.Participant;

    private ChatFiles Files => _context.Files ?? throw new ParleyException(ParleyError.Invalid, "This session has no files.");

    private string Token => Volatile.Read(ref _token) ?? "";

    /// <summary>Puts a call in line, and <paramref name="begin"/> is run in the mailbox as it is.</summary>
    private async Task<T> CallAsync<T>(PendingCall<T> call, Action? begin, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var isPosted = _mailbox.Post(() =>
        {
            if (_over)
            {
                call.Fail(WhyOver());
                return;
            }

            begin?.Invoke();
            _calls.Add(call);
        });
        if (!isPosted) throw WhyOver();
        await using var registration = cancellation.UnsafeRegister((_, token) => call.Abandon(token), null).ConfigureAwait(false);
        return await call.Done.ConfigureAwait(false);
    }

    /// <summary>A mute holds from this moment, whatever the server says to it and when; the rest it drops until it has taken it.</summary>
    private void BeginSetMedia(MediaState media)
    {
        _mediaCalls++;
        _wanted = media;
        TellSending();
    }

    /// <summary>The server drops it already; what is wanted later is asked for again.</summary>
    private void OnSwitchedOff(SwitchedOff off)
    {
        _wanted = off.Source switch
        {
            MediaSource.Microphone => _wanted with { Mic = false },
            MediaSource.Camera => _wanted with { Cam = false },
            _ => _wanted,
        };
        TellSending();
        _model.TellSwitchedOff(off.Source, off.By);
    }

    private void OnMediaTaken(MediaState media)
    {
        _mediaCalls--;
        if (!_over) _model.SetOwnMedia(media);
    }

    private void OnMediaRefused()
    {
        if (--_mediaCalls > 0 || _over) return;
        // What could not be switched on is off again; what could not be switched off stays silent on our side.
        var taken = Now.Media;
        _wanted = new MediaState(_wanted.Mic && taken.Mic, _wanted.Cam && taken.Cam);
        TellSending();
    }

    /// <summary>Whichever is there: both say it to the same sources.</summary>
    private void TellSending()
    {
        TellLeg(leg => leg.SetSending(_wanted.Mic, _wanted.Cam));
        _peerLink?.SetSending(_wanted.Mic, _wanted.Cam);
    }

    private void OnEvent(HubEvent told)
    {
        switch (told.Argument)
        {
            case Participant participant:
                _model.Put(participant);
                OnParticipant(participant);
                break;
            case ParticipantLeft left:
                _model.Remove(left.ParticipantId, left.Reason);
                if (IsInView(left.ParticipantId)) PushView();
                break;
            case ChatMessage message:
                _model.AddChat(message);
                break;
            case ChatReacted reacted:
                _model.React(reacted);
                break;
            case ChatDeleted deleted:
                _model.Delete(deleted);
                break;
            case Reacted sign:
                _model.TellSign(sign);
                break;
            case Protocol.SpeakersChanged speakers:
                _model.SetSpeakers(speakers);
                break;
            case SlotShown shown:
                TellLeg(leg => leg.OnSlotShown(shown));
                break;
            case SlotQuality quality:
                OnSlotQuality(quality);
                break;
            case SendLayers layers:
                TellLeg(leg => leg.OnSendLayers(layers));
                break;
            case ModeState mode:
                OnMode(mode);
                break;
            case LinkStarted started:
                OnLinkStarted(started);
                break;
            case LinkSignal signal:
                OnLinkSignal(signal);
                break;
            case LinkEnded ended:
                OnLinkEnded(ended);
                break;
            case InMix inMix:
                OnInMix(inMix);
                break;
            case MediaConnectionChanged changed:
                OnMediaConnection(changed);
                break;
            case MeetingSettings settings:
                _model.SetSettings(settings);
                break;
            case LobbyChanged lobby:
                _model.SetWaiting(lobby.Waiting);
                break;
            case SwitchedOff off:
                OnSwitchedOff(off);
                break;
            case AskedToUnmute asked:
                _model.TellAsked(asked.By);
                break;
            case Removed removed:
                End(SessionEndReason.Removed, ServerText.Sentence(removed.Message, "You were removed from this meeting."));
                break;
            case MeetingEnded over:
                End(SessionEndReason.MeetingEnded, ServerText.Sentence(over.Message, "This meeting has ended."));
                break;
            case null when told.Name == MeetingEvents.Superseded:
                End(SessionEndReason.Superseded, "This place in the meeting was taken from elsewhere.");
                break;
        }
    }

    private ITimer After(TimeSpan wait, Action step) =>
        _context.Time.CreateTimer(_ => _mailbox.Post(step), null, wait, Timeout.InfiniteTimeSpan);

    /// <summary>A fault of ours must not leave anybody waiting.</summary>
    private void OnFault(Exception fault)
    {
        Log.Fault(_log, fault);
        _first.TrySetException(fault);
        End(SessionEndReason.Lost, "The session failed by a fault of this program.");
    }
}
