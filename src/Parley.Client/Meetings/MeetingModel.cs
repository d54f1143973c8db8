using System.Collections.Immutable;
using Parley.Protocol;

namespace Parley.Client.Meetings;

/// <summary>
/// What a session knows of its meeting: a snapshot, and the events that continue it. Events that come twice, late or out of order
/// change nothing they should not. Changed by the session's mailbox alone; read by anyone.
/// </summary>
internal sealed class MeetingModel(Action<MeetingEvent> emit)
{
    /// <summary>Of those that come; older ones the server has.</summary>
    public const int ChatKept = 500;

    /// <summary>More than any server takes; an evil one gets no further.</summary>
    private const int MostParticipants = 10_000;

    /// <summary>Likewise: each is an m-line of the offer.</summary>
    private const int MostSlots = 100;

    /// <summary>Likewise.</summary>
    private const int MostWaiting = 1_000;

    /// <summary>Likewise, of one message.</summary>
    private const int MostReactions = 100;

    /// <summary>Where each is in the list of the newest snapshot: a meeting of thousands tells millions of changes.</summary>
    private readonly Dictionary<string, int> _places = [];

    private volatile SessionSnapshot? _now;

    /// <summary>Null until the first join.</summary>
    public SessionSnapshot? Now => _now;

    /// <summary>Whether a snapshot makes sense.</summary>
    public static bool IsSound(Joined joined) =>
        joined.Limits is { Slots: >= 0 and <= MostSlots, ChatLength: > 0 }
        && joined.Meeting.Participants.Count <= MostParticipants
        && !joined.Meeting.Participants.Contains(null!)
        && !joined.Meeting.Chat.Contains(null!)
        && IceServerUrls.IsSound(joined.IceServers)
        && joined.Meeting.Participants.Any(participant => participant.Id == joined.ParticipantId);

    /// <summary>Takes a snapshot: the first as it is, a later one with events for all that is different.</summary>
    /// <returns>The lines of chat that were missed.</returns>
    public IReadOnlyList<ChatMessage> Join(Joined joined)
    {
        var (meeting, before) = (joined.Meeting, _now);
        var chat = meeting.Chat.TakeLast(ChatKept).ToImmutableArray();
        _now = new SessionSnapshot(
            new MeetingInfo(meeting.Id, meeting.Title, meeting.CreatedBy, meeting.StartedAt),
            joined.Limits,
            joined.ParticipantId,
            meeting.Settings,
            [],
            Placed([.. meeting.Participants.DistinctBy(participant => participant.Id)]),
            chat,
            [],
            null,
            before?.Limited ?? [],
            meeting.Participants.First(participant => participant.Id == joined.ParticipantId).Media,
            meeting.Mode,
            before?.MediaConnection,
            SessionState.Joined,
            null);
        return before is null ? [] : TellDifferences(before, _now);
    }

    /// <summary>The connection is lost.</summary>
    public void Lose(string message)
    {
        _now = _now! with { State = SessionState.Reconnecting, Speaking = [], Dominant = null };
        emit(new Reconnecting(message));
    }

    public void End(SessionEndReason reason, string message)
    {
        var end = new SessionEnded(reason, message);
        _now = _now! with { State = SessionState.Ended, End = end, Speaking = [], Dominant = null, MediaConnection = null };
        emit(end);
    }

    /// <summary>Someone came or changed.</summary>
    public void Put(Participant participant)
    {
        var all = _now!.Participants;
        var known = PlaceOf(participant.Id);
        if (known < 0 && all.Length >= MostParticipants) return;
        if (known >= 0 && all[known] == participant) return;
        if (known < 0) _places.Add(participant.Id, all.Length);
        _now = _now with
        {
            Participants = known < 0 ? all.Add(participant) : all.SetItem(known, participant),
            Media = participant.Id == _now.ParticipantId ? participant.Media : _now.Media,
        };
        emit(known < 0 ? new ParticipantJoined(participant) : new ParticipantChanged(participant));
    }

    /// <summary>Someone is gone.</summary>
    public void Remove(string participantId, LeaveReason reason)
    {
        var now = _now!;
        var known = PlaceOf(participantId);
        if (known < 0) return;
        var gone = now.Participants[known];
        _now = now with
        {
            Participants = Placed(now.Participants.RemoveAt(known)),
            Speaking = [.. now.Speaking.Where(id => id != participantId)],
            Dominant = now.Dominant == participantId ? null : now.Dominant,
        };
        emit(new ParticipantGone(gone, reason));
    }

    public void AddChat(ChatMessage message)
    {
        var chat = _now!.Chat;
        if (chat.Any(known => known.Id == message.Id)) return;
        _now = _now with { Chat = [.. chat.Skip(Math.Max(0, chat.Count + 1 - ChatKept)), message] };
        emit(new ChatAdded(message));
    }

    public void React(ChatReacted reacted) => ChangeChat(reacted.MessageId, message =>
        message.Deleted is not null || (reacted.On && message.Reactions is { Count: >= MostReactions }) ? null : message.With(reacted.Emoji, reacted.By, reacted.On));

    public void Delete(ChatDeleted deleted) =>
        ChangeChat(deleted.MessageId, message => message.Deleted is null ? message.Without(deleted.Deleted) : null);

    public void TellSign(Reacted sign)
    {
        if (PlaceOf(sign.ParticipantId) is >= 0 and var known) emit(new SignGiven(_now!.Participants[known], sign.Emoji));
    }

    public void SetSpeakers(Protocol.SpeakersChanged speakers)
    {
        var now = _now!;
        IReadOnlyList<string> present = [.. speakers.Speaking.Where(IsPresent).Distinct()];
        var dominant = speakers.Dominant is { } id && IsPresent(id) ? id : null;
        if (present.SequenceEqual(now.Speaking) && dominant == now.Dominant) return;
        _now = now with { Speaking = present, Dominant = dominant };
        emit(new SpeakersChanged(present, dominant));
    }

    /// <summary>These are the pictures that come smaller than they could, and no others.</summary>
    public void SetLimited(IReadOnlyList<PictureQuality> limited)
    {
        var before = _now!.Limited;
        if (limited.SequenceEqual(before)) return;
        _now = _now with { Limited = limited };
        foreach (var was in before)
        {
            if (!limited.Any(picture => IsSame(picture, was))) emit(new PictureQualityChanged(was with { Level = SlotLevel.Full, Reason = null }));
        }

        foreach (var picture in limited.Except(before)) emit(new PictureQualityChanged(picture));
    }

    /// <summary>The server has taken one's own devices' state; it does not tell it back.</summary>
    public void SetOwnMedia(MediaState media)
    {
        var now = _now!;
        var self = PlaceOf(now.ParticipantId);
        if (self >= 0) Put(now.Participants[self] with { Media = media });
    }

    public void SetMode(ModeState mode)
    {
        if (_now!.Mode == mode) return;
        _now = _now with { Mode = mode };
        emit(new ModeChanged(mode));
    }

    public void SetMediaConnection(MediaConnectionState state, string? message)
    {
        if (_now!.MediaConnection == state && message is null) return;
        _now = _now with { MediaConnection = state };
        emit(new MediaStateChanged(state, message));
    }

    private Participant Self => _now!.Participants[PlaceOf(_now.ParticipantId)];

    public void SetSettings(MeetingSettings settings)
    {
        if (_now!.Settings == settings) return;
        _now = _now with { Settings = settings };
        emit(new SettingsChanged(settings));
    }

    public void SetWaiting(IReadOnlyList<Waiting> waiting)
    {
        if (waiting.Count > MostWaiting || waiting.Contains(null!)) return;
        // A host no more has nothing to answer.
        if (Self.Role != Role.Host) waiting = [];
        _now = _now! with { Waiting = waiting };
        emit(new WaitingChanged(waiting));
    }

    public void TellSwitchedOff(MediaSource source, string? by) => emit(new SourceSwitchedOff(source, by));

    public void TellAsked(string by) => emit(new UnmuteAsked(by));

    public bool IsPresent(string participantId) => PlaceOf(participantId) >= 0;

    private IReadOnlyList<ChatMessage> TellDifferences(SessionSnapshot before, SessionSnapshot now)
    {
        var old = before.Participants.ToDictionary(participant => participant.Id);
        foreach (var gone in before.Participants)
        {
            if (IsPresent(gone.Id)) continue;
            // Nobody told us why; a place of our own was lost by our absence.
            emit(new ParticipantGone(gone, gone.Id == before.ParticipantId ? LeaveReason.ConnectionLost : LeaveReason.Left));
        }

        foreach (var participant in now.Participants)
        {
            if (!old.TryGetValue(participant.Id, out var was)) emit(new ParticipantJoined(participant));
            else if (was != participant) emit(new ParticipantChanged(participant));
        }

        if (before.Mode != now.Mode) emit(new ModeChanged(now.Mode));
        if (before.Settings != now.Settings) emit(new SettingsChanged(now.Settings));
        if (before.Waiting.Count > 0) emit(new WaitingChanged([]));

        // What was seen last is in the new chat, unless so much was missed that all of it is new.
        var last = before.Chat.Count == 0 ? -1 : LastIndexOf(now.Chat, before.Chat[^1].Id);
        IReadOnlyList<ChatMessage> missed = [.. now.Chat.Skip(last + 1)];
        foreach (var message in now.Chat.Take(last + 1))
        {
            // Reactions that came meanwhile are in the new chat; what must not be missed is that something is gone.
            if (message.Deleted is not null && before.Chat.Any(was => was.Id == message.Id && was.Deleted is null)) emit(new ChatChanged(message));
        }

        foreach (var message in missed) emit(new ChatAdded(message));
        return missed;
    }

    /// <summary>Puts another in the place of a message that is known here; null changes nothing.</summary>
    private void ChangeChat(string id, Func<ChatMessage, ChatMessage?> change)
    {
        var chat = _now!.Chat;
        var at = LastIndexOf(chat, id);
        if (at < 0 || change(chat[at]) is not { } changed) return;
        _now = _now with { Chat = [.. chat.Take(at), changed, .. chat.Skip(at + 1)] };
        emit(new ChatChanged(changed));
    }

    private static bool IsSame(PictureQuality one, PictureQuality other) =>
        one.ParticipantId == other.ParticipantId && one.Source == other.Source;

    private int PlaceOf(string participantId) => _places.GetValueOrDefault(participantId, -1);

    /// <summary>Notes where each is now.</summary>
    private ImmutableArray<Participant> Placed(ImmutableArray<Participant> all)
    {
        _places.Clear();
        for (var i = 0; i < all.Length; i++) _places.Add(all[i].Id, i);
        return all;
    }

    private static int LastIndexOf(IReadOnlyList<ChatMessage> all, string id)
    {
        for (var i = all.Count - 1; i >= 0; i--)
        {
            if (all[i].Id == id) return i;
        }

        return -1;
    }
}
