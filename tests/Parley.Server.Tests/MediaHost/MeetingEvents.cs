using Parley.Protocol;
using Parley.Server.Meetings;

namespace Parley.Server.Tests.MediaHost;

/// <summary>What a media plane told its meeting.</summary>
internal sealed class MeetingEvents : IMeetingMediaEvents
{
    private readonly Conditions _conditions = new();
    private readonly List<(string Participant, MediaConnectionState State)> _states = [];
    private readonly List<(string Viewer, string Mid, string? Source)> _shown = [];

    public List<(string Participant, MediaConnectionState State)> States => _conditions.Look(() => _states.ToList());

    public void WaitFor(string participant, MediaConnectionState state, int times = 1) =>
        _conditions.Wait(() => _states.Count(told => told == (participant, state)) >= times, $"{participant} {state}");

    public void WaitForSlot(string viewer, string mid, string? source) =>
        _conditions.Wait(() => _shown.LastOrDefault(told => told.Viewer == viewer && told.Mid == mid) == (viewer, mid, source), $"{source} in {mid}");

    public void OnMediaState(string participantId, MediaConnectionState state, string? message) =>
        _conditions.Change(() => _states.Add((participantId, state)));

    public void OnSpeakers(IReadOnlyList<string> speaking, string? dominant)
    {
    }

    public void OnInMix(string voiceId, string listenerId, uint rtpTimestamp)
    {
    }

    public void OnSlotQuality(string viewerId, SlotQuality quality)
    {
    }

    public void OnLayersWanted(string participantId, SendLayers layers)
    {
    }

    public void OnSlotShown(string viewerId, string mid, string? sourceId, VideoSourceKind source) =>
        _conditions.Change(() => _shown.Add((viewerId, mid, sourceId)));
}
