using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using Parley.Protocol;
using Parley.Server.Tests.Records;
using Parley.Server.Tests.Signalling;

namespace Parley.Server.Tests.Api;

public sealed class ProgramTests : IDisposable
{
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("parley-process-");

    [Fact]
    public async Task A_wrong_setting_is_said_in_one_line_each_and_ends_with_code_2()
    {
        var (code, output, error) = await ServerProcess.RunAsync("Media:Port=70000", "Media:Prot=7000");
        Assert.Equal(2, code);
        Assert.Empty(output);
        Assert.Equal(
            ["Parley:Media:Prot is not a setting; docs/configuration.md lists them all", "Parley:Media:Port must be 0–65535, but is 70000"],
            error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task A_port_in_use_or_a_folder_that_cannot_be_had_is_one_line_and_code_2()
    {
        using var other = new TcpListener(IPAddress.Any, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        await AssertOneLineAsync($"Parley:Http:Port: port {port} is in use", $"Http:Port={port}", "Http:Https=false");
        var file = Path.Combine(_data.FullName, "file");
        await File.WriteAllTextAsync(file, "", TestContext.Current.CancellationToken);
        await AssertOneLineAsync("Parley:DataFolder: ", "Http:Port=0", "Http:HttpsPort=0", $"DataFolder={file}/data");
        await AssertOneLineAsync(file, "Http:Port=0", "Http:Https=false", $"DataFolder={file}/data");
    }

    [Fact]
    public async Task A_user_without_a_home_starts_it_with_https()
    {
        using var server = await ServerProcess.StartAsNobodyAsync($"DataFolder={_data.FullName}");
        Assert.SkipWhen(server is null, "There are no user namespaces here");
        using var http = new HttpClient { BaseAddress = server.Address };

        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/health/ready", TestContext.Current.CancellationToken)).StatusCode);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_was_acknowledged_is_there_after_the_process_was_killed_or_stopped(bool kill)
    {
        using var records = new TemporaryRecords();
        MeetingCreated meeting;
        Joined joined;
        ChatMessage said;
        using (var first = await ServerProcess.StartAsync([.. records.Settings, "Grace:DrainSeconds=1"]))
        {
            using var http = new HttpClient { BaseAddress = first.Address };
            var made = await http.PostAsJsonAsync("/api/meetings", new CreateMeeting("Weekly", "Ada"), TestContext.Current.CancellationToken);
            meeting = (await made.Content.ReadFromJsonAsync<MeetingCreated>(ProtocolJson.Options, TestContext.Current.CancellationToken))!;
            await using var ada = await TestClient.ConnectAsync(first.Address);
            joined = (await ada.JoinAsync(meeting.Id, "Ada", secret: meeting.CreatorSecret)).Value!;
            await ada.CallAsync<bool>("setMedia", new MediaState(true, false));
            said = (await ada.SayAsync("before", "1")).Value!;
            var code = await first.EndAsync(kill);
            if (!kill) Assert.Equal(0, code);
        }

        using var second = await ServerProcess.StartAsync(records.Settings);
        await using var again = await TestClient.ConnectAsync(second.Address);
        var back = (await again.JoinAsync(meeting.Id, "Ada", joined.ResumeToken)).Value!;
        Assert.True(back.Resumed);
        Assert.Equal(joined.ParticipantId, back.ParticipantId);
        Assert.Equal(new MediaState(true, false), Assert.Single(back.Meeting.Participants).Media);
        Assert.Equal([said], back.Meeting.Chat);
        Assert.Equal(said, (await again.SayAsync("before", "1")).Value);
        Assert.True((await again.CallAsync<bool>("cancel", meeting.CreatorSecret)).Value);
    }

    public void Dispose() => _data.Delete(recursive: true);

    private static async Task AssertOneLineAsync(string part, params string[] settings)
    {
        var (code, _, error) = await ServerProcess.RunAsync(settings);
        Assert.Equal(2, code);
        Assert.Contains(part, Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }
}
