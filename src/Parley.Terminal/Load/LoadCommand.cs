using System.CommandLine;
using Parley.Client;
using Parley.Terminal.Meetings;
using Parley.Terminal.Output;

namespace Parley.Terminal.Load;

/// <summary>`parley load`: many participants in many meetings, and what became of what they sent.</summary>
internal static class LoadCommand
{
    private static readonly LoadOptions Defaults = new();

    private static readonly Option<int> Participants = Number("--participants", "N", "Participants in all", Defaults.Participants);
    private static readonly Option<int> Meetings = Number("--meetings", "N", "Meetings they are spread over", Defaults.Meetings);
    private static readonly Option<int> Talkers = Number("--talkers", "N", "Who sends sound, per meeting", Defaults.Talkers);
    private static readonly Option<int?> Cameras = new("--cameras") { HelpName = "N", Description = "Who sends video, per meeting [as many as --view]" };
    private static readonly Option<int> Bitrate = Number("--video-bitrate", "KBPS", "What each camera sends, kb/s; 0 for no video", Defaults.VideoBitrate);
    private static readonly Option<int> Fps = Number("--fps", "N", "Frames per second of each camera", Defaults.FramesPerSecond);
    private static readonly Option<int> View = Number("--view", "N", "Whom each participant shows at most", Defaults.View);
    private static readonly Option<int> Seconds = Number("--seconds", "N", "How long to measure, once all have joined", Defaults.Seconds);
    private static readonly Option<int> Seed = Number("--seed", "N", "Decides sizes and phases of what is sent", Defaults.Seed);
    private static readonly Option<int?> Decrypting = new("--decrypting") { HelpName = "N", Description = "Who decrypts, per meeting; the others count by clear headers [all]" };
    private static readonly Option<int?> ServerProcess = new("--server-pid") { HelpName = "PID", Description = "The server's process on this machine, to tell its CPU and memory" };

    public static Command Create()
    {
        var command = new Command("load", "Put generated participants into meetings and measure")
        {
            Participants, Meetings, Talkers, Cameras, Bitrate, Fps, View, Decrypting, Seconds, Seed, ServerProcess, JsonOption.Json,
        };
        command.AddServerOptions();
        command.Runs(async (parsed, ct) =>
        {
            var options = OptionsOf(parsed);
            options.Check();
            using var server = ServerOptions.ServerAt(parsed, ServerOptions.AddressOf(parsed));
            await RunAsync(options, server, StandardOutput.Create(), parsed.GetValue(JsonOption.Json), ct);
        });
        return command;
    }

    /// <summary>Runs, prints, and throws what makes the exit code another than 0.</summary>
    internal static async Task RunAsync(LoadOptions options, ParleyServer server, StandardOutput output, bool json, CancellationToken cancellation)
    {
        var ended = output.Ansi is { Profile.Capabilities.Ansi: true } console && !json
            ? await LiveLoadView.RunAsync(console, view => UnderAsync(view))
            : await UnderAsync(new PlainLoadView(json ? null : output));
        foreach (var (label, text) in ended.Rows) output.Line($"{label,-14} {text}");
        if (json) output.AsJson(ended.Report);
        cancellation.ThrowIfCancellationRequested();
        if (ended.Problem is { } problem) throw problem;

        async Task<(IReadOnlyList<(string Label, string Text)> Rows, LoadReport Report, ParleyException? Problem)> UnderAsync(ILoadView view)
        {
            using var run = new LoadRun(options, server, view);
            var report = await run.RunAsync(cancellation);
            return (json ? [] : [.. LoadRows.Of(report, run.Figures)], report, run.ProblemOf(report));
        }
    }

    private static LoadOptions OptionsOf(ParseResult parsed) => new()
    {
        Participants = parsed.GetValue(Participants),
        Meetings = parsed.GetValue(Meetings),
        Talkers = parsed.GetValue(Talkers),
        Cameras = parsed.GetValue(Cameras),
        VideoBitrate = parsed.GetValue(Bitrate),
        FramesPerSecond = parsed.GetValue(Fps),
        View = parsed.GetValue(View),
        Decrypting = parsed.GetValue(Decrypting),
        Seconds = parsed.GetValue(Seconds),
        Seed = parsed.GetValue(Seed),
        ServerProcess = parsed.GetValue(ServerProcess),
    };

    private static Option<int> Number(string name, string value, string description, int otherwise) => new(name)
    {
        HelpName = value,
        Description = $"{description} [{otherwise}]",
        DefaultValueFactory = _ => otherwise,
    };
}
