using Parley.Protocol;
using Parley.Server.Records;

namespace Parley.Server.Meetings;

/// <summary>A participant's place in a meeting. Only the meeting's mailbox touches it.</summary>
internal sealed class Place(PlaceState state, byte[] tokenHash, DateTimeOffset joinedAt, byte[]? bearerHash = null)
{
    /// <summary>Of how many others the volume may be chosen.</summary>
    public const int MostVolumes = 8;

    private readonly Dictionary<string, SlotShown> _slots = [];
    private readonly Dictionary<string, SlotQuality> _qualities = [];
    private readonly Dictionary<VideoSourceKind, SendLayers> _layers = [];

    /// <summary>What is kept of it and may change.</summary>
    public PlaceState State { get; set; } = state;

    public string Id => State.ParticipantId;

    public string Name => State.Name;

    public Role Role => State.Role;

    public MediaState Media => State.Media;

    public byte[] TokenHash => tokenHash;

    /// <summary>Whose join token they came by; null without one.</summary>
    public byte[]? BearerHash => bearerHash;

    /// <summary>A host has asked; good for one time that the right is taken.</summary>
    public bool MayUnmuteOnce { get; set; }

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

    /// <summary>The others need no tone for it any more: there was one, or the person is back.</summary>
    public bool IsAnnounced { get; set; }

    /// <summary>How loud this one wants to hear others, by their ids, where that is not as they are.</summary>
    public Dictionary<string, double> Volumes { get; } = [];

    /// <summary>What was said last of each slot's quality.</summary>
    public IEnumerable<SlotQuality> Qualities => _qualities.Values;

    /// <summary>How much of camera and screen was last said to be of use.</summary>
    public IEnumerable<SendLayers> Layers => _layers.Values;

    public Participant Seen =>
        new(Id, Name, Role, Media, Link is null ? Presence.Reconnecting : Presence.Connected, joinedAt, State.HandRaisedAt, ServerLeg);

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
