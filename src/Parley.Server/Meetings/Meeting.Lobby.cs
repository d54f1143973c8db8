using System.Security.Cryptography;
using Parley.Protocol;
using Parley.Server.Records;

namespace Parley.Server.Meetings;

/// <summary>Waiting to be let in. Who waits is in no list but the hosts', and is told nothing but the answer.</summary>
internal sealed partial class Meeting
{
    private readonly Lobby _lobby = new();

    private bool IsFull => _places.Count + _lobby.Promised >= Capacity;

    private int Capacity => _rules.Capacity ?? _context.Options.Limits.ParticipantsPerMeeting;

    private ProtocolError Knock(string name, IParticipantLink link)
    {
        var limit = _context.Options.Limits.LobbyPerMeeting;
        if (_lobby.Knocks.Count >= limit) return Refusal.LobbyFull(limit);
        // A connection that died while its join waited was lost when it did not knock yet.
        if (link.IsClosed) return Refusal.Waiting;
        _lobby.Add(new Knock(RandomNumberGenerator.GetString(IdCharacters, 12), name, _context.Now, link));
        TellLobby();
        return Refusal.Waiting;
    }

    /// <summary>Whether somebody waited over that connection, and does no more.</summary>
    private bool StopKnocking(IParticipantLink link)
    {
        if (!_lobby.Remove(link)) return false;
        TellLobby();
        return true;
    }

    private async Task<Reply<bool>> AnswerKnock(Place by, KnockAnswer ask)
    {
        if (by.Role != Role.Host) return Refusal.HostsOnly("let others in").As<bool>();
        List<Knock> asked = [.. _lobby.Knocks.Where(knock => ask.WaitingId is null || knock.Id == ask.WaitingId)];
        var room = Math.Max(0, Capacity - _places.Count - _lobby.Promised);
        List<Knock> answered = ask.Admit ? [.. asked.Take(room)] : asked;
        if (answered.Count > 0)
        {
            var kind = ask.Admit ? HostActionKind.Admitted : HostActionKind.TurnedAway;
            var actions = answered.Select(knock => new HostAction(kind, _context.Now, by.Id, by.Name, knock.Id, knock.Name));
            await _context.Records.ChangedAsync(Id, new MeetingChange([], [.. actions]));
            foreach (var knock in answered)
            {
                if (ask.Admit) Admit(knock);
                else TurnAway(knock, Refusal.TurnedAwaySentence);
            }

            TellLobby();
        }

        return answered.Count < asked.Count ? Refusal.MeetingFull(Capacity).As<bool>() : Done;
    }

    /// <summary>The lobby was switched off: who waits comes in, as far as there is room.</summary>
    private void EmptyLobby()
    {
        if (_lobby.Knocks.Count == 0) return;
        foreach (var knock in _lobby.Knocks.ToList())
        {
            if (IsFull) TurnAway(knock, Refusal.MeetingFull(Capacity).Message);
            else Admit(knock);
        }

        TellLobby();
    }

    private void Admit(Knock knock)
    {
        var token = _lobby.Admit(knock, admission => _context.Time.CreateTimer(
            _ => _mailbox.Post(() =>
            {
                _lobby.Forget(admission);
                return Task.CompletedTask;
            }),
            null,
            _context.Grace,
            Timeout.InfiniteTimeSpan));
        knock.Link.Send(MeetingEvents.Admitted, new Admitted(token));
    }

    private void TurnAway(Knock knock, string why)
    {
        _lobby.Remove(knock.Link);
        knock.Link.Send(MeetingEvents.TurnedAway, new TurnedAway(why));
        knock.Link.Close();
    }

    private void TellLobby()
    {
        var seen = _lobby.Seen;
        foreach (var place in _places)
        {
            if (place.Role == Role.Host) place.Link?.Send(MeetingEvents.LobbyChanged, seen);
        }
    }

    /// <summary>Who has just become host, or come as one.</summary>
    private void TellLobby(Place host)
    {
        if (_lobby.Knocks.Count > 0) host.Link?.Send(MeetingEvents.LobbyChanged, _lobby.Seen);
    }
}
