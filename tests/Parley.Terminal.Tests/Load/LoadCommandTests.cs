using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Parley.Protocol;
using Parley.Terminal.Tests.Harness;

namespace Parley.Terminal.Tests.Load;

public sealed class LoadCommandTests(LiveServer live) : IClassFixture<LiveServer>
{
    [Fact]
    public async Task Six_in_two_meetings_all_get_their_media_nothing_is_dropped_and_the_meetings_are_gone_afterwards()
    {
        using var json = JsonDocument.Parse((await ParleyProcess.RunAsync(
            "load", "--server", live.Http, "--participants", "6", "--meetings", "2", "--talkers", "2", "--view", "2", "--seconds", "3",
            "--server-pid", $"{Environment.ProcessId}", "--json")).Printed());
        var report = json.RootElement;
        Assert.Equal((6, 6, 0), (Whole(report, "joined"), Whole(report, "withMedia"), report.GetProperty("failures").GetArrayLength()));
        Assert.Equal((0, 0, 0), (Whole(report, "ownSocketDrops"), Whole(report, "misdeliveredFrames"), Whole(report, "unusablePackets")));
        Assert.Equal((0, false), (Whole(report, "meetingsLeft"), report.GetProperty("interrupted").GetBoolean()));
        string[] flowing =
        [
            "joinsPerSecond", "timeToMediaP50Ms", "measuredSeconds", "packetsReceived", "packetsSent", "videoPacketsReceived", "audioPacketsReceived",
            "delayP50Ms", "delaySamples", "ownCpuSeconds", "ownCpuMicrosecondsPerPacket", "serverCpuPercent", "serverMemoryMegabytes",
        ];
        Assert.All(flowing, name => Assert.True(report.GetProperty(name).GetDouble() > 0, name));
        await NothingIsLeftAsync("Load 1 of 2");
    }

    [Fact]
    public async Task Ctrl_C_ends_it_early_with_what_was_measured_so_far()
    {
        using var load = ParleyProcess.Start("load", "--server", live.Http, "--participants", "3", "--meetings", "1", "--view", "1", "--seconds", "3600");
        await load.LineAsync("measuring");
        await load.SignalAsync("INT");
        var ended = await load.EndAsync();
        Assert.Equal((ExitCodes.Interrupted, ""), (ended.Code, ended.Error));
        Assert.Contains(", interrupted: ", ended.Output, StringComparison.Ordinal);
        Assert.Contains("3 got their media, 0 failed", ended.Output, StringComparison.Ordinal);
        await NothingIsLeftAsync("Load 1 of 1");
    }

    [Theory]
    [InlineData("parley: --participants is 1 to 10000, not 0.", "--participants", "0")]
    [InlineData("parley: 3 participants cannot be in 4 meetings: give fewer --meetings or more --participants.", "--participants", "3", "--meetings", "4")]
    [InlineData("parley: --video-bitrate is 10 to 10000, not 5.", "--video-bitrate", "5")]
    [InlineData("parley: --server-pid: there is no process 2147483647 on this machine.", "--server-pid", "2147483647")]
    public async Task What_cannot_be_done_is_said_before_anything_is(string message, params string[] arguments) =>
        Assert.Equal(message, (await ParleyProcess.RunAsync(["load", "--server", live.Http, .. arguments])).OneLine(ExitCodes.Usage));

    [Fact]
    public async Task Meetings_that_would_be_too_large_for_the_server_are_refused_with_what_to_do()
    {
        var error = (await ParleyProcess.RunAsync("load", "--server", live.Http, "--participants", "51", "--meetings", "1")).OneLine(ExitCodes.Usage);
        Assert.Contains("--Parley:Limits:ParticipantsPerMeeting=51", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_away_is_code_3()
    {
        using var closed = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        closed.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var address = $"http://127.0.0.1:{((IPEndPoint)closed.LocalEndPoint!).Port}";
        (await ParleyProcess.RunAsync("load", "--server", address, "--json")).OneLine(ExitCodes.Unreachable);
    }

    private static int Whole(JsonElement report, string name) => int.Parse(report.GetProperty(name).GetRawText(), CultureInfo.InvariantCulture);

    private async Task NothingIsLeftAsync(string title) => Assert.DoesNotContain(
        await live.Client.ListMeetingsAsync(TestContext.Current.CancellationToken), (MeetingSummary meeting) => meeting.Title == title);
}
