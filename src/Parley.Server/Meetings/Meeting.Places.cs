using System.Security.Cryptography;
using Parley.Protocol;

namespace Parley.Server.Meetings;

/// <summary>Coming and going.</summary>
internal sealed partial class Meeting
{
    private const string IdCharacters = "abcdefghjkmnpqrstvwxyz23456789";

    private async Task<Reply<Joined>> Join(JoinRequest request, IParticipantLink link, string host)
    {
        var isCreator = request.CreatorSecret is not null;
        if (isCreator && !Secret.Matches(request.CreatorSecret, _identity.CreatorSecretHash))
            return Refusal.SecretWrong.As<Joined>();
        var reply = FindByToken(request.ResumeToken) is { } place
            ? Resume(place, request, link, host)
            : await JoinAnew(request, isCreator, link, host);
        await ReconsiderAsync();
        return reply;
    }

    private async Task<Reply<Joined>> JoinAnew(JoinRequest request, bool isCreator, IParticipantLink link, string host)
    {
        var limits = _context.Options.Limits;
        if (Text.Line(request.Name, limits.NameLength) is not { } name) return Refusal.NameInvalid(limits.NameLength).As<Joined>();
        if (_places.Count >= limits.ParticipantsPerMeeting) return Refusal.MeetingFull(limits.ParticipantsPerMeeting).As<Joined>();

        var token = Secret.Create();
        var off = new MediaState(false, false);
        var id = RandomNumberGenerator.GetString(IdCharacters, 12);
        var place = new Place(id, name, isCreator, Secret.Hash(token), request.Media ?? off, _context.Now)
        {
            Host = host,
            PeerToPeer = request.Abilities?.PeerToPeer == true,
        };
        var joined = place.Seen;
        await _context.Records.ParticipantJoinedAsync(Id, id, name, isCreator, place.TokenHash, joined.JoinedAt);
        // A place is kept with all off until this is written: should it fail, a restart brings the place back muted.
        if (place.Media != off)
            await TryRecordAsync(() => _context.Records.ParticipantUpdatedAsync(Id, id, place.TokenHash, place.Media));

        _unused?.Dispose();
        _unused = null;
        _places.Add(place);
        _summary = Summarize();
        _context.Metrics.Participants.Add(1);
        _context.Metrics.Joins.Add(1);
        place.Link = link;
        _linkFailures.Forget();
        Tell(MeetingEvents.ParticipantJoined, place.Seen, except: place);
        return Admit(place, token, resumed: false, link);
    }

    private Reply<Joined> Resume(Place place, JoinRequest request, IParticipantLink link, string host)
    {
        var wasLost = place.Link is null;
        if (place.Link is { } old)
        {
            old.Send(MeetingEvents.Superseded, null);
            old.Close();
        }

        place.StopGrace();
        place.Stay++;
        place.MissedMedia = true;
        place.Link = link;
        place.Host = host;
        place.PeerToPeer = request.Abilities?.PeerToPeer == true;
        Rejoin(place, request.LinkId);
        _context.Metrics.Joins.Add(1);
        if (wasLost) Tell(MeetingEvents.ParticipantChanged, place.Seen, except: place);
        return Admit(place, request.ResumeToken!, resumed: true, link);
    }

    private Reply<Joined> Admit(Place place, string token, bool resumed, IParticipantLink link)
    {
        var joined = new Joined(place.Id, token, resumed, place.IsCreator, Snapshot(), _context.Limits, _context.IceServers.For(place.Id, place.Host));
        if (_speakers is not null) link.Send(MeetingEvents.SpeakersChanged, _speakers);
        // The connection may have died while its join waited: its loss was then posted when the place was not there yet.
        if (link.IsClosed) Lose(link);
        return new Reply<Joined>(joined, null);
    }

    private async Task<Reply<bool>> Leave(Place place)
    {
        var written = await RemoveAsync(place, LeaveReason.Left);
        return written ? new Reply<bool>(true, null) : Refusal.ServerUnavailable.As<bool>();
    }

    private Task Lose(IParticipantLink link)
    {
        if (_stopping || _places.Find(place => place.Link == link) is not { } place) return Task.CompletedTask;
        place.Link = null;
        StartGrace(place);
        Tell(MeetingEvents.ParticipantChanged, place.Seen);
        return ReconsiderAsync();
    }

    private void StartGrace(Place place)
    {
        var stay = place.Stay;
        place.Grace = _context.Time.CreateTimer(
            _ => _mailbox.Post(() => GraceOver(place, stay)), null, _context.Grace, Timeout.InfiniteTimeSpan);
    }

    private Task GraceOver(Place place, int stay)
    {
        var isBack = place.Stay != stay || place.Link is not null;
        return _stopping || isBack || !_places.Contains(place) ? Task.CompletedTask : RemoveAsync(place, LeaveReason.ConnectionLost);
    }

    /// <summary>Nobody is held in a meeting by a disk: the place is given up even when that cannot be written.</summary>
    private async Task<bool> RemoveAsync(Place place, LeaveReason reason)
    {
        var written = await TryRecordAsync(() => _context.Records.ParticipantLeftAsync(Id, place.Id, reason, _context.Now));
        place.StopGrace();
        _places.Remove(place);
        _summary = Summarize();
        _context.Metrics.Participants.Add(-1);
        TellMedia(plane => plane.Remove(place.Id));
        Tell(MeetingEvents.ParticipantLeft, new ParticipantLeft(place.Id, reason));
        if (_places.Count == 0) await EndAsync(EndReason.LastLeft, null);
        else await ReconsiderAsync();
        return written;
    }

    private Place? FindByToken(string? token)
    {
        if (string.IsNullOrEmpty(token)) return null;
        Place? found = null;
        foreach (var place in _places)
        {
            if (Secret.Matches(token, place.TokenHash)) found = place;
        }

        return found;
    }
}
