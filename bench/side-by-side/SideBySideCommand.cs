using System.CommandLine;
using System.Globalization;
using Parley.Client;
using Parley.SideBySide.Janus;
using Parley.SideBySide.Report;
using Parley.SideBySide.Servers;
using Parley.Terminal.Meetings;
using Parley.Terminal.Output;

namespace Parley.SideBySide;

/// <summary>`bench/side-by-side/run sfu`, `… mix`, `… memory`, `… joins` and `… machine`.</summary>
internal static class SideBySideCommand
{
    private static readonly int[] AllReceivers = [10, 50, 100, 200, 400];
    private static readonly int[] QuickReceivers = [10, 100];
    private static readonly int[] AllMeetings = [10, 25];
    private static readonly int[] AllListening = [10, 50, 100, 500, 1_000, 2_000];
    private static readonly int[] QuickListening = [10, 50];

    /// <summary>So many meetings of so many.</summary>
    private const int SmallMeetings = 100, SmallMeeting = 5;

    private static readonly Option<string> ParleyProgram = new("--parley") { Required = true, HelpName = "FILE", Description = "The built parley" };
    private static readonly Option<string[]> Setting = new("--setting")
    {
        HelpName = "NAME=VALUE",
        Description = "A setting of Parley's, such as Parley:Media:Workers=1; may be repeated",
    };

    private static readonly Option<string> Server = new("--server") { HelpName = "NAME", Description = "parley, janus (as shipped), janus-loops (event_loops = 1) or all [all]" };
    private static readonly Option<string?> Receivers = new("--receivers") { HelpName = "N,N", Description = "Receivers of one camera [10,50,100,200,400]" };
    private static readonly Option<string?> MeetingsOfTen = new("--tens") { HelpName = "N,N", Description = "Meetings of ten [10,25]; this and --receivers leave the other out" };
    private static readonly Option<int?> Seconds = new("--seconds") { HelpName = "N", Description = "How long each load is measured [10; mix, joins and machine 30]" };
    private static readonly Option<bool> Quick = new("--quick") { Description = "10 and 100 receivers, 5 s, no meetings of ten" };
    private static readonly Option<int> Participants = new("--participants") { HelpName = "N", Description = "Of memory [1000]", DefaultValueFactory = _ => 1_000 };
    private static readonly Option<string?> Sizes = new("--sizes") { HelpName = "N,N", Description = "Participants of one meeting [10,50,100,500,1000,2000]" };
    private static readonly Option<bool> QuickMix = new("--quick") { Description = "10 and 50 participants, 10 s, no small meetings" };
    private static readonly Option<int> Meetings = new("--meetings") { HelpName = "N", Description = "Of memory [100]", DefaultValueFactory = _ => 100 };

    private static readonly Option<int> Talkers = new("--talkers") { HelpName = "N", Description = "Who talks, per meeting, of memory [0]" };

    private static readonly Option<int> Present = new("--participants") { HelpName = "N", Description = "There at a time", DefaultValueFactory = _ => 500 };
    private static readonly Option<int> PerSecond = new("--per-second") { HelpName = "N", Description = "Who come, and who leave", DefaultValueFactory = _ => 50 };

    public static RootCommand Create()
    {
        Server.AcceptOnlyFromAmong("parley", "janus", "janus-loops", "all");
        var sfu = new Command("sfu", "One camera to many, and meetings of ten, on Parley and Janus") { ParleyProgram, Setting, Server, Receivers, MeetingsOfTen, Seconds, Quick, JsonOption.Json };
        sfu.SetAction((parsed, cancellation) => InOneLineAsync(() => SfuAsync(parsed, cancellation)));
        var mix = new Command("mix", "Three talk, all others listen, on Parley and Janus's AudioBridge") { ParleyProgram, Setting, Server, Sizes, Seconds, QuickMix, JsonOption.Json };
        mix.SetAction((parsed, cancellation) => InOneLineAsync(() => MixAsync(parsed, cancellation)));
        var memory = new Command("memory", "What a connected participant takes of Parley's memory") { ParleyProgram, Setting, Participants, Meetings, Talkers, Seconds, JsonOption.Json };
        memory.SetAction((parsed, cancellation) => InOneLineAsync(() => MemoryAsync(parsed, cancellation)));
        var joins = new Command("joins", "People come, chat and leave at a steady rate, on Parley") { ParleyProgram, Setting, Present, PerSecond, Seconds, JsonOption.Json };
        joins.SetAction((parsed, cancellation) => InOneLineAsync(() => JoinsAsync(parsed, cancellation)));
        var machine = new Command("machine", "What the machine itself keeps from whoever has a core: a floor of every delay") { Seconds, JsonOption.Json };
        machine.SetAction((parsed, cancellation) => InOneLineAsync(() => MachineAsync(parsed, cancellation)));
        return new RootCommand("Whole servers, side by side on this machine") { sfu, mix, memory, joins, machine };
    }

    private static async Task<int> SfuAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var output = StandardOutput.Create();
        var json = parsed.GetValue(JsonOption.Json);
        var quick = parsed.GetValue(Quick);
        var seconds = parsed.GetValue(Seconds) ?? (quick ? 5 : 10);
        var (receivers, tens) = (Numbers(parsed, Receivers), Numbers(parsed, MeetingsOfTen));
        if ((receivers, tens) is (null, null)) (receivers, tens) = quick ? (QuickReceivers, null) : (AllReceivers, AllMeetings);
        Scenario[] scenarios = [.. (receivers ?? []).Select(count => Scenario.OneToMany(count, seconds)), .. (tens ?? []).Select(count => Scenario.Meetings(count, seconds))];
        var wanted = parsed.GetValue(Server) ?? "all";
        IServer[] servers = [.. JanusServers("videoroom"), ParleyOf(parsed)];
        if (!json)
        {
            foreach (var line in SfuText.Head()) output.Line(line);
        }

        var run = new ServersRun<Row>([.. servers.Where(server => wanted == "all" || server.Name == wanted)], scenarios, Row.Of, row =>
        {
            if (!json) output.Line(SfuText.Line(row));
            foreach (var note in RowNotes.Of(row)) Console.Error.WriteLine(note);
        }, Console.Error.WriteLine);
        var report = new SfuReport(await run.RunAsync(cancellation));
        if (json) output.AsJson(report);
        else foreach (var line in SfuText.Of(report)) output.Line(line);
        return report.Rows.Count == run.Count && report.Rows.All(row => row.GeneratorDrops == 0) ? 0 : 1;
    }

    private static async Task<int> MixAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var output = StandardOutput.Create();
        var json = parsed.GetValue(JsonOption.Json);
        var quick = parsed.GetValue(QuickMix);
        var seconds = parsed.GetValue(Seconds) ?? (quick ? 10 : 30);
        var named = Numbers(parsed, Sizes);
        using var speech = await Speech.CreateAsync(cancellation);
        var scenarios = (named ?? (quick ? QuickListening : AllListening)).Select(size => Scenario.Listening(size, 1, seconds, speech.Path)).ToList();
        if (!quick && named is null) scenarios.Add(Scenario.Listening(SmallMeeting, SmallMeetings, seconds, speech.Path));
        var wanted = parsed.GetValue(Server) ?? "all";
        IServer[] servers = [.. JanusServers("audiobridge"), ParleyOf(parsed)];
        if (!json)
        {
            foreach (var line in MixText.Head()) output.Line(line);
        }

        var run = new ServersRun<MixRow>([.. servers.Where(server => wanted == "all" || server.Name == wanted)], scenarios, MixRow.Of, row =>
        {
            if (!json) output.Line(MixText.Line(row));
            foreach (var note in RowNotes.Of(row)) Console.Error.WriteLine(note);
        }, Console.Error.WriteLine);
        var report = new MixReport(await run.RunAsync(cancellation));
        if (json) output.AsJson(report);
        else foreach (var line in MixText.Of(report)) output.Line(line);
        return report.Rows.Count == run.Count && report.Rows.All(row => row.GeneratorDrops == 0) ? 0 : 1;
    }

    private static async Task<int> MemoryAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var output = StandardOutput.Create();
        var report = await MemoryRun.RunAsync(
            ParleyOf(parsed), parsed.GetValue(Participants), parsed.GetValue(Meetings), parsed.GetValue(Talkers), parsed.GetValue(Seconds) ?? 10, cancellation);
        if (parsed.GetValue(JsonOption.Json)) output.AsJson(report);
        else foreach (var line in report.Lines()) output.Line(line);
        return report.WithMedia == report.Participants ? 0 : 1;
    }

    private static async Task<int> JoinsAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var output = StandardOutput.Create();
        var report = await JoinsRun.RunAsync(
            ParleyOf(parsed), parsed.GetValue(Present), parsed.GetValue(PerSecond), parsed.GetValue(Seconds) ?? 30, cancellation);
        if (parsed.GetValue(JsonOption.Json)) output.AsJson(report);
        else foreach (var line in report.Lines()) output.Line(line);
        return report.Problems.Count == 0 && report.Heard == report.Said ? 0 : 1;
    }

    private static async Task<int> MachineAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var output = StandardOutput.Create();
        var report = await Task.Run(() => MachineRun.Run(TimeSpan.FromSeconds(parsed.GetValue(Seconds) ?? 30), cancellation), CancellationToken.None);
        if (parsed.GetValue(JsonOption.Json)) output.AsJson(report);
        else foreach (var line in report.Lines()) output.Line(line);
        return 0;
    }

    /// <summary>What people can mend is said in one line.</summary>
    private static async Task<int> InOneLineAsync(Func<Task<int>> body)
    {
        try
        {
            return await body();
        }
        catch (Exception e) when (IsFailure(e))
        {
            Console.Error.WriteLine("side-by-side: " + e.Message);
            return 1;
        }
    }

    /// <summary>Whether a server, not the bench, is at fault.</summary>
    public static bool IsFailure(Exception e) => e is JanusException or ParleyException or InvalidOperationException;

    private static int[]? Numbers(ParseResult parsed, Option<string?> option) =>
        parsed.GetValue(option)?.Split(',').Select(number => int.Parse(number, CultureInfo.InvariantCulture)).ToArray();

    private static JanusServer[] JanusServers(string plugin) => [new JanusServer("janus", null, plugin), new JanusServer("janus-loops", 1, plugin)];

    private static ParleyServerUnderTest ParleyOf(ParseResult parsed) =>
        new(parsed.GetValue(ParleyProgram)!, [.. (parsed.GetValue(Setting) ?? []).Select(setting => "--" + setting)]);
}
