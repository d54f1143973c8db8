using System.CommandLine;
using System.Globalization;
using Parley.SideBySide.Report;
using Parley.SideBySide.Servers;
using Parley.Terminal.Meetings;
using Parley.Terminal.Output;

namespace Parley.SideBySide;

/// <summary>`bench/side-by-side/run sfu` and `… memory`.</summary>
internal static class SideBySideCommand
{
    private static readonly int[] AllReceivers = [10, 50, 100, 200, 400];
    private static readonly int[] QuickReceivers = [10, 100];

    private static readonly Option<string> Parley = new("--parley") { Required = true, HelpName = "FILE", Description = "The built parley" };
    private static readonly Option<string[]> Setting = new("--setting")
    {
        HelpName = "NAME=VALUE",
        Description = "A setting of Parley's, such as Parley:Media:Workers=1; may be repeated",
    };

    private static readonly Option<string> Server = new("--server") { HelpName = "NAME", Description = "parley, janus (as shipped), janus-loops (event_loops = 1) or all [all]" };
    private static readonly Option<string?> Receivers = new("--receivers") { HelpName = "N,N", Description = "Receivers of one camera [10,50,100,200,400]" };
    private static readonly Option<int?> Seconds = new("--seconds") { HelpName = "N", Description = "How long each load is measured [10]" };
    private static readonly Option<bool> Quick = new("--quick") { Description = "10 and 100 receivers, 5 s, no meetings of ten" };
    private static readonly Option<int> Participants = new("--participants") { HelpName = "N", Description = "Of memory [1000]", DefaultValueFactory = _ => 1_000 };
    private static readonly Option<int> Meetings = new("--meetings") { HelpName = "N", Description = "Of memory [100]", DefaultValueFactory = _ => 100 };

    private static readonly Option<int> Talkers = new("--talkers") { HelpName = "N", Description = "Who talks, per meeting, of memory [0]" };

    public static RootCommand Create()
    {
        Server.AcceptOnlyFromAmong("parley", "janus", "janus-loops", "all");
        var sfu = new Command("sfu", "One camera to many, and ten meetings of ten, on Parley and Janus") { Parley, Setting, Server, Receivers, Seconds, Quick, JsonOption.Json };
        sfu.SetAction((parsed, cancellation) => InOneLineAsync(() => SfuAsync(parsed, cancellation)));
        var memory = new Command("memory", "What a connected participant takes of Parley's memory") { Parley, Setting, Participants, Meetings, Talkers, Seconds, JsonOption.Json };
        memory.SetAction((parsed, cancellation) => InOneLineAsync(() => MemoryAsync(parsed, cancellation)));
        return new RootCommand("Whole servers, side by side on this machine") { sfu, memory };
    }

    private static async Task<int> SfuAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var output = StandardOutput.Create();
        var json = parsed.GetValue(JsonOption.Json);
        var quick = parsed.GetValue(Quick);
        var seconds = parsed.GetValue(Seconds) ?? (quick ? 5 : 10);
        var named = parsed.GetValue(Receivers)?.Split(',').Select(number => int.Parse(number, CultureInfo.InvariantCulture));
        var scenarios = (named ?? (quick ? QuickReceivers : AllReceivers)).Select(receivers => Scenario.OneToMany(receivers, seconds)).ToList();
        if (!quick && named is null) scenarios.Add(Scenario.Meetings(seconds));
        var wanted = parsed.GetValue(Server) ?? "all";
        IServer[] servers = [new JanusServer("janus", null), new JanusServer("janus-loops", 1), ParleyOf(parsed)];
        if (!json)
        {
            foreach (var line in SfuText.Head()) output.Line(line);
        }

        var run = new SfuRun([.. servers.Where(server => wanted == "all" || server.Name == wanted)], scenarios, row =>
        {
            if (!json) output.Line(SfuText.Line(row));
            foreach (var note in SfuText.NotesOf(row)) Console.Error.WriteLine(note);
        }, Console.Error.WriteLine);
        var report = await run.RunAsync(cancellation);
        if (json) output.AsJson(report);
        else foreach (var line in SfuText.Of(report)) output.Line(line);
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

    /// <summary>What people can mend is said in one line.</summary>
    private static async Task<int> InOneLineAsync(Func<Task<int>> body)
    {
        try
        {
            return await body();
        }
        catch (Exception e) when (SfuRun.IsFailure(e))
        {
            Console.Error.WriteLine("side-by-side: " + e.Message);
            return 1;
        }
    }

    private static ParleyServerUnderTest ParleyOf(ParseResult parsed) =>
        new(parsed.GetValue(Parley)!, [.. (parsed.GetValue(Setting) ?? []).Select(setting => "--" + setting)]);
}
