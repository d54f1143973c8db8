using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Npgsql;
using Parley.Protocol;
using Parley.Server.Tests.Api;
using Parley.Server.Tests.Meetings;
using Parley.Server.Tests.Signalling;

namespace Parley.Server.Tests.Records;

/// <summary>A backup is one when it has been restored: the steps of docs/operations.md, beside a server that goes on.</summary>
public sealed class BackupTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_kept_before_the_backup_is_there_after_restoring_it()
    {
        using var kept = new TemporaryRecords();
        using var restored = new TemporaryRecords();
        using var folder = new TemporaryFolder();
        var backup = Path.Combine(folder.Path, "backup");
        MeetingCreated meeting;
        Joined joined;
        ChatMessage before, file;
        using (var server = await ServerProcess.StartAsync(kept.Settings))
        {
            using var http = new HttpClient { BaseAddress = server.Address };
            var made = await http.PostAsJsonAsync("/api/meetings", new CreateMeeting("Weekly", "Ada"), Cancellation);
            meeting = (await made.Content.ReadFromJsonAsync<MeetingCreated>(ProtocolJson.Options, Cancellation))!;
            await using var ada = await TestClient.ConnectAsync(server.Address);
            joined = (await ada.JoinAsync(meeting.Id, "Ada")).Value!;
            before = (await ada.SayAsync("before the backup")).Value!;
            file = await SendAsync(http, meeting.Id, joined.ResumeToken);

            await (TemporaryRecords.UsePostgreSql ? DumpAsync(kept, backup) : CopyAsync(kept, backup));

            await RunAsync("cp", ["--recursive", "--no-target-directory", Path.Combine(kept.DataFolder, "files"), backup + "-files"]);

            await ada.SayAsync("after the backup");
        }

        await (TemporaryRecords.UsePostgreSql ? RestoreDumpAsync(restored, backup) : RestoreCopyAsync(restored, backup));
        await RunAsync("cp", ["--recursive", "--no-target-directory", backup + "-files", Path.Combine(restored.DataFolder, "files")]);
        using var again = await ServerProcess.StartAsync(restored.Settings);
        await using var back = await TestClient.ConnectAsync(again.Address);
        var resumed = (await back.JoinAsync(meeting.Id, "Ada", joined.ResumeToken)).Value!;
        Assert.True(resumed.Resumed);
        Assert.Equal([before, file], resumed.Meeting.Chat);
        // Also what is new finds its place behind what was restored.
        var after = (await back.SayAsync("after the restore")).Value!;
        using var reader = new HttpClient { BaseAddress = again.Address };
        var record = await reader.GetFromJsonAsync<MeetingRecord>($"/api/meetings/{meeting.Id}/record", ProtocolJson.Options, Cancellation);
        Assert.Equal([before, file, after], record!.Chat);
        reader.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", joined.ResumeToken);
        Assert.Equal([1, 2, 3], await reader.GetByteArrayAsync($"/api/meetings/{meeting.Id}/files/{file.File!.Id}", Cancellation));
    }

    private static async Task<ChatMessage> SendAsync(HttpClient http, string meeting, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/meetings/{meeting}/files?name=plan&clientId=1") { Content = new ByteArrayContent([1, 2, 3]) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var response = await http.SendAsync(request, Cancellation);
        return (await response.Content.ReadFromJsonAsync<ChatMessage>(ProtocolJson.Options, Cancellation))!;
    }

    private static Task CopyAsync(TemporaryRecords kept, string backup) => RunAsync("sqlite3", [Path.Combine(kept.Place, "parley.db"), $".backup '{backup}'"]);

    private static Task RestoreCopyAsync(TemporaryRecords restored, string backup)
    {
        File.Copy(backup, Path.Combine(restored.Place, "parley.db"));
        return Task.CompletedTask;
    }

    private static Task DumpAsync(TemporaryRecords kept, string backup) => RunAsync("pg_dump", ["--format=custom", $"--file={backup}"], kept.Place);

    private static Task RestoreDumpAsync(TemporaryRecords restored, string backup)
    {
        var into = new NpgsqlConnectionStringBuilder(restored.Place);
        return RunAsync("pg_restore", ["--exit-on-error", "--no-owner", $"--role={into.Username}", $"--dbname={into.Database}", backup], restored.Place);
    }

    private static async Task RunAsync(string program, string[] arguments, string? connectionString = null)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardError = true };
        if (connectionString is not null)
        {
            var database = new NpgsqlConnectionStringBuilder(connectionString);
            start.Environment["PGHOST"] = database.Host;
            start.Environment["PGUSER"] = database.Username;
            start.Environment["PGPASSWORD"] = database.Password;
            start.Environment["PGDATABASE"] = database.Database;
        }

        using var process = Process.Start(start)!;
        var error = await process.StandardError.ReadToEndAsync(Cancellation).Soon();
        await process.WaitForExitAsync(Cancellation).Soon();
        Assert.True(process.ExitCode == 0, $"{program}: {error}");
    }
}
