using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Parley.Protocol;
using Parley.Server.Records;
using static Parley.Server.Tests.Records.RecordsFixture;

namespace Parley.Server.Tests.Records;

/// <summary>Files that older versions wrote.</summary>
public sealed class SqliteMigrationTests
{
    [Fact]
    public async Task Who_had_the_creator_secret_is_host_and_a_meeting_without_rules_has_all_rights()
    {
        using var folder = new TemporaryFolder();
        var options = new DbContextOptionsBuilder<RecordsContext>().UseSqlite($"Data Source={folder.Database};Pooling=False").Options;
        using (var db = new RecordsContext(options)) db.GetService<IMigrator>().Migrate("20261123013706_Modes");
        Sql(folder.Database, """
            INSERT INTO "Meetings" ("Id", "Title", "CreatedBy", "CreatorSecretHash", "StartedAt", "Mode") VALUES ('a', 'Planning', 'Ada', x'01', 5, 'Server');
            INSERT INTO "Stays" ("MeetingId", "ParticipantId", "Name", "IsCreator", "ResumeTokenHash", "Mic", "Cam", "JoinedAt") VALUES ('a', 'p1', 'Ada', 1, x'02', 1, 0, 6);
            INSERT INTO "Stays" ("MeetingId", "ParticipantId", "Name", "IsCreator", "ResumeTokenHash", "Mic", "Cam", "JoinedAt") VALUES ('a', 'p2', 'Ben', 0, x'03', 0, 0, 7);
            """);
        await using var records = Open(new SqliteStore(folder.Path));
        var kept = Assert.Single(await records.ReadUnfinishedAsync(TestContext.Current.CancellationToken));
        Assert.Equal(MeetingRules.Open, kept.Rules);
        Assert.Equal(
            [new("p1", "Ada", Role.Host, new MediaState(true, false)), new PlaceState("p2", "Ben", Role.Participant, new MediaState(false, false))],
            kept.Places.Select(place => place.State));
        await records.ParticipantLeftAsync("a", "p2", LeaveReason.Left, Start);
    }
}
