using System.Collections.Concurrent;
using Parley.Protocol;
using Parley.Server.Meetings;

namespace Parley.Server.Tests.Meetings;

/// <summary>A media plane that answers every offer but "bad", and remembers what it was told.</summary>
internal sealed class FakeMediaPlane : IMediaPlane
{
    public ConcurrentDictionary<string, FakeMeetingMedia> Meetings { get; } = [];

    public IMeetingMedia Open(string meetingId, IMeetingMediaEvents events) => Meetings[meetingId] = new FakeMeetingMedia(events);
}

/// <summary>The media side of one meeting. Called from the meeting's mailbox only, so its lists need no lock.</summary>
internal sealed class FakeMeetingMedia(IMeetingMediaEvents events) : IMeetingMedia
{
    public IMeetingMediaEvents Events => events;

    /// <summary>When set, offers are answered with this task.</summary>
    public Task<OfferOutcome>? Answer { get; set; }

    public Dictionary<string, MediaState> Media { get; } = [];

    public Dictionary<string, IReadOnlyList<SlotView>> Views { get; } = [];

    public List<string> Removed { get; } = [];

    /// <summary>Whose voices are to be reported once they are mixed.</summary>
    public List<(string Voice, string Listener)> Awaited { get; } = [];

    public MediaCounts Counts { get; set; } = new(0, 0, 0, 0);

    public bool Closed { get; private set; }

    /// <summary>Every call but an offer throws while this is set.</summary>
    public bool Broken { get; set; }

    public Task<OfferOutcome> AnswerAsync(string participantId, string sdpOffer, MediaState media)
    {
        Media[participantId] = media;
        return Answer ?? Task.FromResult(
            sdpOffer == "bad" ? new OfferOutcome(null, "The offer has no m-lines.") : new OfferOutcome("answer to " + sdpOffer, null));
    }

    public void SetMedia(string participantId, MediaState media)
    {
        if (Broken) throw new InvalidOperationException("broken");
        Media[participantId] = media;
    }

    public string? SetView(string participantId, IReadOnlyList<SlotView> view)
    {
        if (Broken) throw new InvalidOperationException("broken");
        if (view.Any(slot => slot.Mid == "none")) return "There is no slot none.";
        Views[participantId] = view;
        return null;
    }

    /// <summary>When set, what is counted.</summary>
    public Task<MediaSnapshot>? Snapshot { get; set; }

    public Task<MediaSnapshot> ReadAsync() => Snapshot ?? throw new InvalidOperationException("broken");

    public void TellWhenMixed(string voiceId, string listenerId) => Awaited.Add((voiceId, listenerId));

    /// <summary>How often the tone was to be heard.</summary>
    public int JoinTones { get; private set; }

    public void PlayJoinTone() => JoinTones++;

    public Dictionary<(string Listener, string Voice), double> Volumes { get; } = [];

    public void SetVolume(string listenerId, string voiceId, double volume) => Volumes[(listenerId, voiceId)] = volume;

    public void Remove(string participantId)
    {
        if (Broken) throw new InvalidOperationException("broken");
        Removed.Add(participantId);
    }

    public void Close()
    {
        Closed = true;
        if (Broken) throw new InvalidOperationException("broken");
    }
}
