using Parley.Protocol;

namespace Parley.Server.Meetings;

/// <summary>A participant's place in a meeting. Only the meeting's mailbox touches it.</summary>
internal sealed class Place(string id, string name, bool isCreator, byte[] tokenHash, MediaState media, DateTimeOffset joinedAt)
{
    private readonly Dictionary<string, SlotShown> _slots = [];
    private readonly Dictionary<string, SlotQuality> _qualities = [];
    private readonly Dictionary<VideoSourceKind, SendLayers> _layers = [];

    public string Id => id;

    public string Name => name;

    public bool IsCreator => isCreator;

    public byte[] TokenHash => tokenHash;

    public MediaState Media { get; set; } = media;

    /// <summary>The name or address by which the client reached this server.</summary>
    public string Host { get; set; } = "localhost";

    /// <summary>The client can talk to another one directly.</summary>
    public bool PeerToPeer { get; set; }

    /// <summary>The state of the media leg to the server; null before the first offer.</summary>
    public MediaConnectionState? ServerLeg { get; set; }

    /// <summary>What the client said last of the way its media take.</summary>
    public PathReport? Path { get; set; }

    /// <summary>Null while the connection is lost.</summary>
    public IParticipantLink? Link { get; set; }

    /// <summary>Runs while the connection is lost.</summary>
    public ITimer? Grace { get; set; }

    /// <summary>Counts joins of this place, so that a timer that fired just before a resume means nothing after it.</summary>
    public int Stay { get; set; }

    /// <summary>The place was resumed and its client has not named a view since.</summary>
    public bool MissedMedia { get; set; }

    /// <summary>What was said last of each slot's quality.</summary>
    public IEnumerable<SlotQuality> Qualities => _qualities.Values;

    /// <summary>How much of camera and screen was last said to be of use.</summary>
    public IEnumerable<SendLayers> Layers => _layers.Values;

    public Participant Seen =>
        new(id, name, isCreator, Media, Link is null ? Presence.Reconnecting : Presence.Connected, joinedAt, ServerLeg);

    /// <summary>Remembers what a slot shows, for a client that missed it while its connection was lost.</summary>
    public void Remember(SlotShown shown, int slots)
    {
        if (_slots.ContainsKey(shown.Mid) || _slots.Count < slots) _slots[shown.Mid] = shown;
    }

    public void Remember(SlotQuality quality, int slots)
    {
        if (_qualities.ContainsKey(quality.Mid) || _qualities.Count < slots) _qualities[quality.Mid] = quality;
    }

    public void Remember(SendLayers layers) => _layers[layers.Source] = layers;

    /// <summary>The client has a new transport: nothing was said of that yet.</summary>
    public void ForgetTransport()
    {
        _slots.Clear();
        _qualities.Clear();
        _layers.Clear();
    }

    public SlotShown? Shown(string mid) => _slots.GetValueOrDefault(mid);

    public void StopGrace()
    {
        Grace?.Dispose();
        Grace = null;
    }
}
