using System.Collections.Immutable;
using Parley.Protocol;

namespace Parley.Client.Meetings;

/// <summary>All that a session knows at one moment. Never changed: each change makes a new one.</summary>
internal sealed record SessionSnapshot(
    MeetingInfo Meeting,
    Limits Limits,
    string ParticipantId,
    MeetingSettings Settings,
    IReadOnlyList<Waiting> Waiting,
    ImmutableArray<Participant> Participants,
    IReadOnlyList<ChatMessage> Chat,
    IReadOnlyList<string> Speaking,
    string? Dominant,
    IReadOnlyList<PictureQuality> Limited,
    MediaState Media,
    ModeState Mode,
    MediaConnectionState? MediaConnection,
    SessionState State,
    SessionEnded? End);
