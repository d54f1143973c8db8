namespace Parley.Client.Meetings;

/// <summary>What does not change in a meeting.</summary>
/// <param name="Id">As it stands in the link.</param>
/// <param name="Title">For people.</param>
/// <param name="CreatedBy">The name of who created it.</param>
/// <param name="StartedAt">When.</param>
public sealed record MeetingInfo(string Id, string Title, string CreatedBy, DateTimeOffset StartedAt);
