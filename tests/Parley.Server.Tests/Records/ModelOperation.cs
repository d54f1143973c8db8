using CsCheck;
using Parley.Protocol;
using Parley.Server.Records;
using static Parley.Server.Tests.Records.RecordsFixture;

namespace Parley.Server.Tests.Records;

internal enum ModelOperationKind
{
    Create,
    Join,
    Update,
    Leave,
    Chat,
    End,
    Delete,
}

/// <summary>One write with small random arguments, so that repeats, unknown ids and second stays are common.</summary>
internal sealed record ModelOperation(ModelOperationKind Kind, string Meeting, string Participant, int Number)
{
    public static Gen<ModelOperation> Gen { get; } = CsCheck.Gen.Select(
        CsCheck.Gen.Frequency(
            (3, CsCheck.Gen.Const(ModelOperationKind.Create)),
            (6, CsCheck.Gen.Const(ModelOperationKind.Join)),
            (3, CsCheck.Gen.Const(ModelOperationKind.Update)),
            (5, CsCheck.Gen.Const(ModelOperationKind.Leave)),
            (8, CsCheck.Gen.Const(ModelOperationKind.Chat)),
            (1, CsCheck.Gen.Const(ModelOperationKind.End)),
            (1, CsCheck.Gen.Const(ModelOperationKind.Delete))),
        CsCheck.Gen.Int[0, 2],
        CsCheck.Gen.Int[0, 2],
        CsCheck.Gen.Int[0, 5],
        (kind, meeting, participant, number) => new ModelOperation(kind, $"meeting{meeting}", $"p{participant}", number));

    public DateTimeOffset At => Start.AddMilliseconds(Number);

    public string Name => $"{Participant} {Number}";

    public Role RoleOf => (Role)(Number % 3);

    public byte[] HashOf => Hash((byte)Number);

    public MediaState Media => new(Number % 2 == 0, Number % 3 == 0);

    public LeaveReason LeaveReason => (LeaveReason)(Number % 7);

    public EndReason EndReason => (EndReason)(Number % 5);

    public string? EndedBy => Number % 2 == 0 ? null : Name;

    public string ClientId => $"c{Number}";

    /// <param name="id">Of the message, if it is one: unique, as the server makes them.</param>
    public ChatMessage Message(string id) => new(id, Participant, Name, $"text {id}", At);

    public Task ApplyAsync(IMeetingRecords records, string id) => Kind switch
    {
        ModelOperationKind.Create => records.MeetingCreatedAsync(Meeting, Name, Participant, HashOf, At),
        ModelOperationKind.Join => records.ParticipantJoinedAsync(Meeting, Participant, Name, RoleOf, HashOf, At),
        ModelOperationKind.Update => records.ParticipantUpdatedAsync(Meeting, Participant, HashOf, Media),
        ModelOperationKind.Leave => records.ParticipantLeftAsync(Meeting, Participant, LeaveReason, At),
        ModelOperationKind.Chat => records.ChatAddedAsync(Meeting, Message(id), ClientId),
        ModelOperationKind.Delete => records.DeleteAsync(Meeting),
        _ => records.MeetingEndedAsync(Meeting, EndReason, EndedBy, At),
    };
}
