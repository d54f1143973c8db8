using Parley.Protocol;
using Parley.Server.Records;

namespace Parley.Server.Tests.Records;

/// <summary>The records as plain lists: what the database is compared with.</summary>
internal sealed class RecordsModel
{
    private readonly SortedDictionary<string, Meeting> _meetings = new(StringComparer.Ordinal);

    /// <summary>Whether the operation fits what is kept.</summary>
    public bool Apply(ModelOperation operation, string id)
    {
        if (operation.Kind == ModelOperationKind.Create)
        {
            return _meetings.TryAdd(operation.Meeting, new Meeting(operation));
        }
        if (!_meetings.TryGetValue(operation.Meeting, out var meeting))
        {
            return operation.Kind == ModelOperationKind.Delete;
        }
        var open = meeting.Stays.Find(s => s.Joined.Participant == operation.Participant && s.Left is null);
        switch (operation.Kind)
        {
            case ModelOperationKind.Join:
                var free = open is null && meeting.Ended is null;
                if (free)
                {
                    meeting.Stays.Add(new Stay(operation));
                }
                return free;

            case ModelOperationKind.Update:
                if (open is not null)
                {
                    open.Updated = operation;
                }
                return open is not null;

            case ModelOperationKind.Leave:
                if (open is not null)
                {
                    open.Left = (operation.At, operation.LeaveReason);
                }
                return meeting.Stays.Exists(s => s.Joined.Participant == operation.Participant);

            case ModelOperationKind.Chat:
                if (!meeting.Chat.Exists(
                    c => c.Message.ParticipantId == operation.Participant && c.ClientId == operation.ClientId))
                {
                    meeting.Chat.Add(new KeptChatMessage(operation.Message(id), operation.ClientId));
                }
                return true;

            case ModelOperationKind.Delete:
                return meeting.Ended is not null && _meetings.Remove(operation.Meeting);

            default:
                End(meeting, operation);
                return true;
        }
    }

    public List<string> Ids => [.. _meetings.Keys];

    public MeetingRecord Record(string id)
    {
        var (meeting, created, ended) = (_meetings[id], _meetings[id].Created, _meetings[id].Ended);
        return new MeetingRecord(
            id,
            created.Name,
            created.Participant,
            created.At,
            ended?.At,
            ended?.EndReason,
            ended?.EndedBy,
            MeetingMode.Server,
            [],
            [.. meeting.Stays.Select(s => new Attendance(
                s.Joined.Participant, s.Joined.Name, s.Joined.At, s.Left?.At, s.Left?.Reason))],
            [.. meeting.Chat.Select(c => c.Message)]);
    }

    public List<MeetingRecordSummary> List() =>
    [
        .. _meetings.OrderByDescending(m => m.Value.Created.At).ThenByDescending(m => m.Key, StringComparer.Ordinal)
            .Select(m => (Record: Record(m.Key), m.Value.Stays))
            .Select(m => new MeetingRecordSummary(
                m.Record.Id, m.Record.Title, m.Record.CreatedBy, m.Record.StartedAt, m.Record.EndedAt, m.Record.EndReason,
                m.Stays.Select(s => s.Joined.Participant).Distinct().Count())),
    ];

    public List<UnfinishedMeeting> Unfinished() =>
    [
        .. _meetings.Where(m => m.Value.Ended is null).OrderBy(m => m.Value.Created.At).ThenBy(m => m.Key, StringComparer.Ordinal)
            .Select(m => new UnfinishedMeeting(
                m.Key,
                m.Value.Created.Name,
                m.Value.Created.Participant,
                m.Value.Created.HashOf,
                m.Value.Created.At,
                MeetingMode.Server,
                MeetingRules.Open,
                [.. m.Value.Stays.Where(s => s.Left is null).Select(s => new UnfinishedPlace(
                    new PlaceState(s.Joined.Participant, s.Joined.Name, s.Joined.RoleOf, s.Updated?.Media ?? new MediaState(false, false)),
                    (s.Updated ?? s.Joined).HashOf,
                    s.Joined.At))],
                [.. m.Value.Stays.Where(s => s.Left?.Reason is LeaveReason.Removed or LeaveReason.Barred)
                    .Select(s => new RemovedPlace((s.Updated ?? s.Joined).HashOf, s.Left!.Value.Reason == LeaveReason.Barred))],
                m.Value.Chat)),
    ];

    private static void End(Meeting meeting, ModelOperation operation)
    {
        meeting.Ended ??= operation;
        foreach (var stay in meeting.Stays.Where(s => s.Left is null))
        {
            stay.Left = (operation.At, operation.EndReason switch
            {
                EndReason.Cancelled => LeaveReason.Cancelled,
                EndReason.Expired => LeaveReason.Expired,
                EndReason.ServerStopped => LeaveReason.ServerStopped,
                _ => LeaveReason.ConnectionLost,
            });
        }
    }

    private sealed class Meeting(ModelOperation created)
    {
        public ModelOperation Created { get; } = created;

        public ModelOperation? Ended { get; set; }

        public List<Stay> Stays { get; } = [];

        public List<KeptChatMessage> Chat { get; } = [];
    }

    private sealed class Stay(ModelOperation joined)
    {
        public ModelOperation Joined { get; } = joined;

        public ModelOperation? Updated { get; set; }

        public (DateTimeOffset At, LeaveReason Reason)? Left { get; set; }
    }
}
