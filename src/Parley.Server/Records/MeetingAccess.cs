using Parley.Protocol;
using Parley.Server.Meetings;

namespace Parley.Server.Records;

/// <summary>Who may read what of a meeting, open or ended.</summary>
/// <param name="IsClosed">Its record is only for who belongs to it.</param>
/// <param name="Stays">Those of who was removed are not among them.</param>
/// <param name="Actions">What its hosts did, for hosts.</param>
public sealed record MeetingAccess(
    byte[] CreatorSecretHash,
    bool IsClosed,
    IReadOnlyList<(string ParticipantId, byte[] ResumeTokenHash, bool IsHost)> Stays,
    IReadOnlyList<HostAction> Actions)
{
    /// <summary>Whether this is the creator secret, or the resume token of who is host or was when they left.</summary>
    public bool IsHost(string? secret) => Secret.Matches(secret, CreatorSecretHash) || Has(secret, hostsOnly: true);

    /// <summary>Whether this is the creator secret or any resume token.</summary>
    public bool IsMember(string? secret) => Secret.Matches(secret, CreatorSecretHash) || Has(secret, hostsOnly: false);

    /// <summary>The participants whose resume token this is: one, or none.</summary>
    public IReadOnlyCollection<string> ParticipantsOf(string? secret)
    {
        var found = new HashSet<string>();
        foreach (var (id, hash, _) in Stays)
        {
            if (Secret.Matches(secret, hash)) found.Add(id);
        }

        return found;
    }

    private bool Has(string? secret, bool hostsOnly)
    {
        var found = false;
        foreach (var (_, hash, isHost) in Stays)
        {
            if ((isHost || !hostsOnly) && Secret.Matches(secret, hash)) found = true;
        }

        return found;
    }
}
