using System.Security.Cryptography;
using Parley.Protocol;
using Parley.Server.Records;

namespace Parley.Server.Meetings;

/// <summary>Coming and going.</summary>
internal sealed partial class Meeting
{
    private const string IdCharacters = "abcdefghjkmnpqrstvwxyz23456789";

    /// <param name="passed">The hash of the passcode that the request has, if it has the right one.</param>
    private async Task<Reply<Joined>> Join(JoinRequest request, IParticipantLink link, string host, byte[]? passed, Reply<JoinPass>? token)
    {
        var isCreator = request.CreatorSecret is not null;
        if (isCreator && !Secret.Matches(request.CreatorSecret, _identity.CreatorSecretHash))
            return Refusal.SecretWrong.As<Joined>();
        var reply = FindByToken(request.ResumeToken) is { } place
            ? await Resume(place, isCreator, request, link, host)
            : await ComeIn(request, isCreator, link, host, passed, token);
        await ReconsiderAsync();
        return reply;
    }

    /// <summary>Who has no place yet. Nobody but who holds the creator secret or a token, or was let in, gets past the door by themselves.</summary>
    private async Task<Reply<Joined>> ComeIn(
        JoinRequest request, bool isCreator, IParticipantLink link, string host, byte[]? passed, Reply<JoinPass>? token)
    {
        var pass = token?.Value is { } read && read.MeetingId == Id ? read : null;
        var role = isCreator ? Role.Host : pass?.Role ?? Role.Participant;
        if (_lobby.Find(request.ResumeToken) is { } admission)
        {
            var joined = await JoinAnew(request, admission.Name, pass, request.ResumeToken!, role, link, host);
            _lobby.Forget(admission);
            return joined;
        }

        if (_context.IsDraining) return Refusal.ServerStopping.As<Joined>();
        if (token is not null && pass is null) return Refusal.JoinTokenWrong.As<Joined>();
        var limit = _context.Options.Limits.NameLength;
        if ((pass?.Name ?? Text.Line(request.Name, limit)) is not { } name) return Refusal.NameInvalid(limit).As<Joined>();
        if (!isCreator)
        {
            if (WhyShut(request, passed, pass) is { } why) return why.As<Joined>();
            if (_rules.Lobby && pass is null or { Knocks: true }) return Knock(name, link).As<Joined>();
        }

        return IsFull
            ? Refusal.MeetingFull(Capacity).As<Joined>()
            : await JoinAnew(request, name, pass, Secret.Create(), role, link, host);
    }

    private ProtocolError? WhyShut(JoinRequest request, byte[]? passed, JoinPass? pass)
    {
        if (_removed.WhyNot(request.ResumeToken) is { } removed) return removed;
        if (pass is not null && _removed.Bars(pass)) return Refusal.Barred;
        var isHost = pass?.Role == Role.Host;
        if (_rules.NotBefore is { } begins && _context.Now < begins && !isHost) return Refusal.MeetingNotBegun(begins);
        if (_rules.Locked && !isHost) return Refusal.MeetingLocked;
        if (pass is not null) return null;
        if (_rules.TokenOnly) return Refusal.JoinTokenNeeded;
        if (_rules.PasscodeHash is null || _rules.PasscodeHash == passed) return null;
        return string.IsNullOrEmpty(request.Passcode) ? Refusal.PasscodeNeeded : Refusal.PasscodeWrong;
    }

    private async Task<Reply<Joined>> JoinAnew(
        JoinRequest request, string name, JoinPass? pass, string token, Role role, IParticipantLink link, string host)
    {
        var id = RandomNumberGenerator.GetString(IdCharacters, 12);
        var nameGiven = pass?.Name is not null;
        var state = new PlaceState(id, name, role, Allowed(role, request.Media ?? Off), NameGiven: nameGiven);
        var place = new Place(state, Secret.Hash(token), _context.Now, pass?.BearerHash)
        {
            Host = host,
            PeerToPeer = request.Abilities?.PeerToPeer == true,
        };
        await _context.Records.ParticipantJoinedAsync(Id, id, name, role, place.TokenHash, place.Seen.JoinedAt, nameGiven, pass?.BearerHash);
        // A place is kept with all off until this is written: should it fail, a restart brings the place back muted.
        if (place.Media != Off)
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
        return Welcome(place, token, resumed: false, link);
    }

    private async Task<Reply<Joined>> Resume(Place place, bool isCreator, JoinRequest request, IParticipantLink link, string host)
    {
        if (isCreator) await BecomeHostAsync(place);
        var wasLost = place.Link is null;
        if (place.Link is { } old)
        {
            old.Send(MeetingEvents.Superseded, null);
            old.Close();
        }

        place.StopGrace();
        place.Stay++;
        place.MissedMedia = true;
        place.IsAnnounced = true;
        place.Link = link;
        place.Host = host;
        place.PeerToPeer = request.Abilities?.PeerToPeer == true;
        Rejoin(place, request.LinkId);
        _context.Metrics.Joins.Add(1);
        if (wasLost) Tell(MeetingEvents.ParticipantChanged, place.Seen, except: place);
        return Welcome(place, request.ResumeToken!, resumed: true, link);
    }

    private Reply<Joined> Welcome(Place place, string token, bool resumed, IParticipantLink link)
    {
        var limits = _context.Limits with { ParticipantsPerMeeting = Capacity };
        var joined = new Joined(place.Id, token, resumed, SnapshotFor(place), limits, _context.IceServers.For(place.Id, place.Host), [.. place.Volumes.Select(volume => new VoiceVolume(volume.Key, volume.Value))]);
        if (_speakers is not null) link.Send(MeetingEvents.SpeakersChanged, _speakers);
        if (place.Role == Role.Host) TellLobby(place);
        // The connection may have died while its join waited: its loss was then posted when the place was not there yet.
        if (link.IsClosed) Lose(link);
        return new Reply<Joined>(joined, null);
    }

    private async Task<Reply<bool>> Leave(Place place)
    {
        var written = await GiveUpAsync(place, LeaveReason.Left);
        return written ? new Reply<bool>(true, null) : Refusal.ServerUnavailable.As<bool>();
    }

    private Task Lose(IParticipantLink link)
    {
        if (_stopping || StopKnocking(link) || FindPlace(link) is not { } place) return Task.CompletedTask;
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
        return _stopping || isBack || !_places.Contains(place) ? Task.CompletedTask : GiveUpAsync(place, LeaveReason.ConnectionLost);
    }

    /// <summary>Nobody is held in a meeting by a disk: the place is given up even when that cannot be written.</summary>
    private async Task<bool> GiveUpAsync(Place place, LeaveReason reason)
    {
        var heir = FindHeir(place);
        var then = heir is null ? null : new MeetingChange([heir.State with { Role = Role.Host }], [Act(HostActionKind.HostChosen, null, heir)]);
        var written = await TryRecordAsync(() => _context.Records.ParticipantLeftAsync(Id, place.Id, reason, _context.Now, then));
        await GoneAsync(place, reason, heir);
        return written;
    }

    private async Task GoneAsync(Place place, LeaveReason reason, Place? heir)
    {
        place.StopGrace();
        _places.Remove(place);
        ForgetVolumes(place);
        _summary = Summarize();
        _context.Metrics.Participants.Add(-1);
        TellMedia(plane => plane.Remove(place.Id));
        Tell(MeetingEvents.ParticipantLeft, new ParticipantLeft(place.Id, reason));
        if (heir is not null) Apply(null, [(heir, heir.State with { Role = Role.Host })]);
        if (_places.Count == 0)
        {
            if (!_rules.Lasting)
            {
                await EndAsync(EndReason.LastLeft, null);
                return;
            }

            CloseMedia();
            _speakers = null;
        }

        await ReconsiderAsync();
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
