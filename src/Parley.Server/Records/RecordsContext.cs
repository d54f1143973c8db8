using Microsoft.EntityFrameworkCore;
using Parley.Protocol;

namespace Parley.Server.Records;

/// <summary>The tables of the records. Nothing here is particular to one database: that is in <see cref="SqliteStore"/>.</summary>
internal sealed class RecordsContext(DbContextOptions<RecordsContext> options) : DbContext(options)
{
    public DbSet<MeetingRow> Meetings => Set<MeetingRow>();

    public DbSet<StayRow> Stays => Set<StayRow>();

    public DbSet<ModeRow> Modes => Set<ModeRow>();

    public DbSet<ChatRow> Chat => Set<ChatRow>();

    protected override void ConfigureConventions(ModelConfigurationBuilder conventions)
    {
        conventions.Properties<DateTimeOffset>().HaveConversion<UnixMilliseconds>();

        // By name, so that the order of an enum's members means nothing to files already written.
        conventions.Properties<EndReason>().HaveConversion<string>();
        conventions.Properties<LeaveReason>().HaveConversion<string>();
        conventions.Properties<MeetingMode>().HaveConversion<string>();
        conventions.Properties<ModeReason>().HaveConversion<string>();
    }

    protected override void OnModelCreating(ModelBuilder model)
    {
        model.Entity<MeetingRow>(meeting =>
        {
            meeting.ToTable("Meetings").HasKey(m => m.Id);
            meeting.HasMany(m => m.Stays).WithOne().HasForeignKey(s => s.MeetingId).OnDelete(DeleteBehavior.Restrict);
            meeting.HasMany(m => m.Modes).WithOne().HasForeignKey(c => c.MeetingId).OnDelete(DeleteBehavior.Restrict);
            meeting.HasMany(m => m.Chat).WithOne().HasForeignKey(c => c.MeetingId).OnDelete(DeleteBehavior.Restrict);

            // The history page: newest first.
            meeting.HasIndex(m => new { m.StartedAt, m.Id }, "IX_Meetings_Newest");
            // The start: what was open. Holds open meetings only, so it stays small for ever.
            meeting.HasIndex(m => new { m.StartedAt, m.Id }, "IX_Meetings_Open").HasFilter("\"EndedAt\" IS NULL");
        });
        model.Entity<StayRow>(stay =>
        {
            stay.ToTable("Stays").HasKey(s => s.Key);
            stay.HasIndex(s => new { s.MeetingId, s.ParticipantId }, "IX_Stays_Participant");
            stay.HasIndex(s => new { s.MeetingId, s.ParticipantId }, "IX_Stays_Open").IsUnique().HasFilter("\"LeftAt\" IS NULL");
        });
        model.Entity<ModeRow>(mode =>
        {
            mode.ToTable("Modes").HasKey(m => m.Key);
            mode.HasIndex(m => new { m.MeetingId, m.Key });
        });
        model.Entity<ChatRow>(chat =>
        {
            chat.ToTable("Chat").HasKey(c => c.Key);
            chat.HasIndex(c => new { c.MeetingId, c.Key });
            chat.HasIndex(c => new { c.MeetingId, c.ParticipantId, c.ClientId }).IsUnique();
        });
    }
}
