using Parley.Protocol;

namespace Parley.Server.Meetings;

/// <summary>A participant's place in a meeting. Only the meeting's mailbox touches it.</summary>
internal sealed class Place(string id, string name, bool isCreator, byte[] tokenHash, MediaState media, DateTimeOffset joinedAt)
{
    private readonly Dictionary<string, SlotShown> _slots = [];

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
    public bool MissedSlots { get; set; }

    public Participant Seen =>
        new(id, name, isCreator, Media, Link is null ? Presence.Reconnecting : Presence.Connected, joinedAt, ServerLeg);

    /// <summary>Remembers what a slot shows, for a client that missed it while its connection was lost.</summary>
    public void Remember(SlotShown shown, int slots)
    {
        if (_slots.ContainsKey(shown.Mid) || _slots.Count < slots) _slots[shown.Mid] = shown;
    }

    public SlotShown? Shown(string mid) => _slots.GetValueOrDefault(mid);

    public void StopGrace()
    {
        Grace?.Dispose();
        Grace = null;
    }
}
