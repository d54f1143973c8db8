using System.Collections.Concurrent;
using Parley.Protocol;

namespace Parley.Server.Meetings;

/// <summary>
/// What the media threads report, until the meeting takes it. Only the latest of each kind counts, so this is bounded by people
/// and slots however slow the meeting is, and a media thread never waits.
/// </summary>
/// <param name="wake">Called when there is something to take, once until it is taken.</param>
internal sealed class MediaEventInbox(Action wake) : IMeetingMediaEvents
{
    private readonly ConcurrentDictionary<string, MediaConnectionChanged> _states = [];
    private readonly ConcurrentDictionary<(string Viewer, string Mid), SlotShown> _slots = [];
    private readonly ConcurrentDictionary<(string Viewer, string Mid), SlotQuality> _qualities = [];
    private readonly ConcurrentDictionary<(string Participant, VideoSourceKind Source), SendLayers> _layers = [];
    private readonly ConcurrentDictionary<(string Voice, string Listener), uint> _mixed = [];
    private SpeakersChanged? _speakers;
    private int _woken;

    public void OnMediaState(string participantId, MediaConnectionState state, string? message)
    {
        _states[participantId] = new MediaConnectionChanged(state, message);
        Wake();
    }

    public void OnSpeakers(IReadOnlyList<string> speaking, string? dominant)
    {
        Volatile.Write(ref _speakers, new SpeakersChanged(speaking, dominant));
        Wake();
    }

    public void OnSlotShown(string viewerId, string mid, string? sourceId, VideoSourceKind source)
    {
        _slots[(viewerId, mid)] = new SlotShown(mid, sourceId, source);
        Wake();
    }

    public void OnSlotQuality(string viewerId, SlotQuality quality)
    {
        _qualities[(viewerId, quality.Mid)] = quality;
        Wake();
    }

    public void OnLayersWanted(string participantId, SendLayers layers)
    {
        _layers[(participantId, layers.Source)] = layers;
        Wake();
    }

    public void OnInMix(string voiceId, string listenerId, uint rtpTimestamp)
    {
        _mixed[(voiceId, listenerId)] = rtpTimestamp;
        Wake();
    }

    /// <returns>All that was reported since the last time.</returns>
    public Batch Take()
    {
        // First: what is reported from here on wakes again, even if it is already in what is taken now.
        Interlocked.Exchange(ref _woken, 0);
        return new Batch(Drain(_states), Drain(_slots), Drain(_qualities), Drain(_layers), Interlocked.Exchange(ref _speakers, null), Drain(_mixed));
    }

    private static List<KeyValuePair<TKey, TValue>> Drain<TKey, TValue>(ConcurrentDictionary<TKey, TValue> from)
        where TKey : notnull
    {
        var taken = new List<KeyValuePair<TKey, TValue>>();
        foreach (var key in from.Keys)
        {
            if (from.TryRemove(key, out var value)) taken.Add(new(key, value));
        }

        return taken;
    }

    private void Wake()
    {
        if (Interlocked.Exchange(ref _woken, 1) == 0) wake();
    }

    /// <summary>
    /// Media states by participant, slots and their quality by viewer and mid, layers by sender, who speaks if that has changed, and whose
    /// voices are in the mix again.
    /// </summary>
    internal readonly record struct Batch(
        IReadOnlyList<KeyValuePair<string, MediaConnectionChanged>> States,
        IReadOnlyList<KeyValuePair<(string Viewer, string Mid), SlotShown>> Slots,
        IReadOnlyList<KeyValuePair<(string Viewer, string Mid), SlotQuality>> Qualities,
        IReadOnlyList<KeyValuePair<(string Participant, VideoSourceKind Source), SendLayers>> Layers,
        SpeakersChanged? Speakers,
        IReadOnlyList<KeyValuePair<(string Voice, string Listener), uint>> Mixed);
}
