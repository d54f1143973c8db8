namespace Parley.Server;

/// <summary>Where meetings are kept and for how long (<c>Parley:Records</c>).</summary>
public sealed class RecordsOptions
{
    /// <summary>A connection string of PostgreSQL; empty means SQLite in the data folder.</summary>
    public string PostgreSql { get; set; } = "";

    /// <summary>How long an ended meeting is kept; 0 means for ever.</summary>
    public int RetentionDays { get; set; }
}
