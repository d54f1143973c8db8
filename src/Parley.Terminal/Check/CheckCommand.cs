using System.CommandLine;
using System.Globalization;
using Parley.Client;
using Parley.Terminal.Meetings;
using Parley.Terminal.Output;

namespace Parley.Terminal.Check;

/// <summary>`parley check`: which ways to a server are open from here.</summary>
internal static class CheckCommand
{
    public static Command Create()
    {
        var address = new Argument<string?>("SERVER")
        {
            Description = "Its address; without it as --server says",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var command = new Command("check", "Try each way to a server: signalling, UDP, TCP and relays") { address, JsonOption.Json };
        command.AddServerOptions();
        command.Runs(async (parsed, ct) =>
        {
            var where = parsed.GetValue(address) is { } given ? ParleyServer.ParseAddress(given) : ServerOptions.AddressOf(parsed);
            using var server = ServerOptions.ServerAt(parsed, where);
            var ways = new List<CheckedWay>();
            await foreach (var way in new CheckRun(server).RunAsync(ct)) ways.Add(way);
            var report = CheckReport.Of(server.Address.GetLeftPart(UriPartial.Authority), ways);
            var output = StandardOutput.Create();
            if (parsed.GetValue(JsonOption.Json)) output.AsJson(report);
            else Write(output, report);
            return report.Works ? ExitCodes.Ok : ExitCodes.NoWay;
        });
        return command;
    }

    internal static void Write(StandardOutput output, CheckReport report)
    {
        var sheet = new Sheet("Way", "Verdict", "Time", "What") { Wrapping = [3] };
        foreach (var way in report.Ways) sheet.Add(way.Way, Word(way.Verdict), Time(way.Milliseconds), way.Message);
        output.Table(sheet);
        output.Line();
        output.Line(Summary(report));
    }

    private static string Summary(CheckReport report)
    {
        if (report.Works) return $"Meetings at {report.Server} work from here, by {string.Join(", ", report.Ways.Where(way => way.CarriesMedia).Select(way => way.Way))}.";
        return report.Ways is [{ Verdict: Verdict.Works }, ..]
            ? $"Meetings at {report.Server} have chat alone from here: no way for sound and pictures is open."
            : $"Meetings at {report.Server} do not work from here.";
    }

    private static string Word(Verdict verdict) => verdict switch
    {
        Verdict.Works => "works",
        Verdict.Fails => "fails",
        _ => "absent",
    };

    private static string Time(long? milliseconds) =>
        milliseconds is { } time ? time.ToString(CultureInfo.InvariantCulture) + " ms" : "";
}
