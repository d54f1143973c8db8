namespace Parley.Server.Records;

/// <summary>Which records are looked for; what is null does not matter.</summary>
/// <param name="Text">Part of the title, or of the name of who created the meeting or took part. Case does not matter, in SQLite only of the letters A to Z.</param>
/// <param name="From">Begun at this time or later.</param>
/// <param name="Before">Begun earlier.</param>
public sealed record RecordSearch(string? Text = null, DateTimeOffset? From = null, DateTimeOffset? Before = null);
