using Microsoft.EntityFrameworkCore;
using Parley.Protocol;

namespace Parley.Server.Records;

/// <summary>The tables of the records, as they are in SQLite; <see cref="PostgreSqlRecordsContext"/> has the little that differs.</summary>
internal class RecordsContext : DbContext
{
    public RecordsContext(DbContextOptions<RecordsContext> options)
        : base(options)
    {
    }

    protected RecordsContext(DbContextOptions options)
        : base(options)
    {
    }

    public DbSet<MeetingRow> Meetings => Set<MeetingRow>();

    public DbSet<StayRow> Stays => Set<StayRow>();

    public DbSet<ModeRow> Modes => Set<ModeRow>();

    public DbSet<ChatRow> Chat => Set<ChatRow>();

    public DbSet<ChatReactionRow> Reactions => Set<ChatReactionRow>();

    public DbSet<HostActionRow> Actions => Set<HostActionRow>();

    public DbSet<ApiKeyRow> ApiKeys => Set<ApiKeyRow>();

    public DbSet<WebhookEndpointRow> WebhookEndpoints => Set<WebhookEndpointRow>();

    public DbSet<WebhookDeliveryRow> WebhookDeliveries => Set<WebhookDeliveryRow>();

    public DbSet<ServerSecretRow> ServerSecrets => Set<ServerSecretRow>();

    protected override void ConfigureConventions(ModelConfigurationBuilder conventions)
    {
        conventions.Properties<DateTimeOffset>().HaveConversion<UnixMilliseconds>();

        // By name, so that the order of an enum's members means nothing to files already written.
        conventions.Properties<EndReason>().HaveConversion<string>();
        conventions.Properties<LeaveReason>().HaveConversion<string>();
        conventions.Properties<MeetingMode>().HaveConversion<string>();
        conventions.Properties<ModeReason>().HaveConversion<string>();
        conventions.Properties<Role>().HaveConversion<string>();
        conventions.Properties<HostActionKind>().HaveConversion<string>();
        conventions.Properties<DeliveryState>().HaveConversion<string>();
    }

    protected override void OnModelCreating(ModelBuilder model)
    {
        model.Entity<MeetingRow>(meeting =>
        {
            meeting.ToTable("Meetings").HasKey(m => m.Id);
            meeting.HasMany(m => m.Stays).WithOne().HasForeignKey(s => s.MeetingId).OnDelete(DeleteBehavior.Restrict);
            meeting.HasMany(m => m.Modes).WithOne().HasForeignKey(c => c.MeetingId).OnDelete(DeleteBehavior.Restrict);
            meeting.Ignore(m => m.Rules);
            meeting.HasMany(m => m.Actions).WithOne().HasForeignKey(a => a.MeetingId).OnDelete(DeleteBehavior.Restrict);
            meeting.HasMany(m => m.Reactions).WithOne().HasForeignKey(r => r.MeetingId).OnDelete(DeleteBehavior.Restrict);
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
        model.Entity<HostActionRow>(action =>
        {
            action.ToTable("HostActions").HasKey(a => a.Key);
            action.HasIndex(a => new { a.MeetingId, a.Key });
        });
        model.Entity<ApiKeyRow>().ToTable("ApiKeys").HasKey(k => k.Id);
        model.Entity<WebhookEndpointRow>().ToTable("WebhookEndpoints").HasKey(w => w.Id);
        model.Entity<WebhookDeliveryRow>(delivery =>
        {
            delivery.ToTable("WebhookDeliveries").HasKey(d => d.Key);
            delivery.HasOne<MeetingRow>().WithMany().HasForeignKey(d => d.MeetingId).OnDelete(DeleteBehavior.Restrict);
            delivery.HasIndex(d => new { d.EndpointId, d.State, d.Key });
        });
        model.Entity<ServerSecretRow>().ToTable("ServerSecrets").HasKey(s => s.Name);
        model.Entity<ChatRow>(chat =>
        {
            chat.ToTable("Chat").HasKey(c => c.Key);
            chat.HasIndex(c => new { c.MeetingId, c.Key });
            chat.HasIndex(c => new { c.MeetingId, c.ParticipantId, c.ClientId }).IsUnique();
            chat.HasIndex(c => new { c.MeetingId, c.MessageId });
            chat.HasIndex(c => new { c.MeetingId, c.FileId }, "IX_Chat_Files").HasFilter("\"FileId\" IS NOT NULL");
        });
        model.Entity<ChatReactionRow>(reaction =>
        {
            reaction.ToTable("ChatReactions").HasKey(r => r.Key);
            reaction.HasIndex(r => new { r.MeetingId, r.MessageId, r.ParticipantId, r.Emoji }).IsUnique();
        });
    }
}
