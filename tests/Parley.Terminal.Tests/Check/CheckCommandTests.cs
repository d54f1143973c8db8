using System.Text.Json;
using Parley.Terminal.Check;
using Parley.Terminal.Tests.Harness;

namespace Parley.Terminal.Tests.Check;

public sealed class CheckCommandTests(LiveServer live) : IClassFixture<LiveServer>
{
    [Fact]
    public async Task Tells_of_each_way_whether_it_works()
    {
        var printed = (await ParleyProcess.RunAsync("check", live.Http)).Printed();
        var lines = printed.Split('\n');
        Assert.Matches("^WAY +VERDICT +TIME +WHAT", lines[0]);
        Assert.Matches("^signalling +works +[0-9]+ ms +http and its WebSocket", lines[1]);
        Assert.Matches("^udp +works +[0-9]+ ms +to 127.0.0.1 port [0-9]+", lines[2]);
        Assert.Contains($"Meetings at {live.Http} work from here, by udp", printed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_is_for_scripts_and_the_server_may_be_an_option()
    {
        using var json = JsonDocument.Parse((await ParleyProcess.RunAsync("check", "--json", "--server", live.Http)).Printed());
        Assert.Equal(["server", "works", "ways"], json.RootElement.EnumerateObject().Select(property => property.Name));
        Assert.True(json.RootElement.GetProperty("works").GetBoolean());
        var udp = json.RootElement.GetProperty("ways").EnumerateArray().Single(way => way.GetProperty("way").GetString() == "udp");
        Assert.Equal(["way", "verdict", "milliseconds", "message"], udp.EnumerateObject().Select(property => property.Name));
        Assert.Equal("works", udp.GetProperty("verdict").GetString());
    }

    [Fact]
    public async Task A_server_that_is_not_there_ends_with_1_and_says_what_to_do()
    {
        var ended = await ParleyProcess.RunAsync("check", "http://127.0.0.1:9");
        Assert.Equal(ExitCodes.NoWay, ended.Code);
        Assert.Matches("signalling +fails +[0-9]+ ms +.*Is the server running\\? Open TCP", ended.Output);
        Assert.Contains("do not work from here", ended.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Chat_alone_is_not_a_meeting()
    {
        var signalling = new CheckedWay(CheckedWay.Signalling, Verdict.Works, 1, "");
        Assert.False(CheckReport.Of("s", [signalling, new CheckedWay("udp", Verdict.Fails, 1, ""), new CheckedWay("tcp", Verdict.Absent, null, "")]).Works);
        Assert.False(CheckReport.Of("s", [signalling with { Verdict = Verdict.Fails }, new CheckedWay("udp", Verdict.Works, 1, "")]).Works);
        Assert.True(CheckReport.Of("s", [signalling, new CheckedWay("relay-tls", Verdict.Works, 1, "")]).Works);
    }

    [Fact]
    public void Passive_TCP_candidates_are_read_and_others_are_not()
    {
        const string Sdp = "a=candidate:1 1 tcp 2105458943 192.0.2.1 7000 typ host tcptype passive\r\n"
            + "a=candidate:2 1 TCP 1 2001:db8::1 7000 typ host tcptype passive generation 0\r\n"
            + "a=candidate:3 1 tcp 1 192.0.2.1 9 typ host tcptype active\r\n"
            + "a=candidate:4 1 udp 1 192.0.2.1 7000 typ host\r\n"
            + "a=candidate:5 1 tcp 1 name.local 7000 typ host tcptype passive\r\n"
            + "a=candidate:6 1 tcp 1 192.0.2.1 0 typ host tcptype passive\r\na=candidate:\r\n";
        Assert.Equal([("192.0.2.1", 7000), ("2001:db8::1", 7000)], StunOverTcp.PassiveCandidates(Sdp));
    }
}
