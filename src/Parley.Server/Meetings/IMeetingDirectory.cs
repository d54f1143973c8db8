using Parley.Protocol;

namespace Parley.Server.Meetings;

/// <summary>Where meetings are found. In this process today; the seam for a server of more than one node.</summary>
internal interface IMeetingDirectory
{
    /// <summary>Meetings of before the last stop are open again, and new ones are taken.</summary>
    bool IsReady { get; }

    /// <summary>Opens a meeting once it is on disk; texts come as they were typed.</summary>
    Task<Reply<MeetingCreated>> CreateAsync(CreateMeeting request, CancellationToken cancellation);

    /// <summary>The open meeting with this id, or why there is none: unknown, or ended and how.</summary>
    ValueTask<Reply<Meeting>> FindAsync(string? id, CancellationToken cancellation);

    /// <summary>The open meetings, newest first.</summary>
    IReadOnlyList<MeetingSummary> List();

    /// <summary>The record of this ended meeting was deleted: there never was one.</summary>
    void Forget(string id);
}
