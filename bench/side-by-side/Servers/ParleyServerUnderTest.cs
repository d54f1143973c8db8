using System.Globalization;
using System.Text.RegularExpressions;
using Parley.Client;
using Parley.Terminal.Load;

namespace Parley.SideBySide.Servers;

/// <summary>This repository's Parley, by its program, with limits that are no part of what is measured raised.</summary>
/// <param name="program">The built `parley`.</param>
/// <param name="settings">Further ones, as --Parley:Name=value.</param>
internal sealed partial class ParleyServerUnderTest(string program, IReadOnlyList<string> settings) : IServer
{
    private static readonly string[] Limited = ["Joins", "Creates", "Cancels", "Reads"];

    private Uri? _address;

    /// <summary>Where it listens, once it is started.</summary>
    public Uri Address => _address ?? throw new InvalidOperationException("The server is not started.");

    /// <inheritdoc/>
    public string Name => "parley";

    /// <inheritdoc/>
    public async Task<ServerProcess> StartAsync(CancellationToken cancellation)
    {
        var folder = ServerProcess.NewFolder();
        string[] command =
        [
            program, "serve", "--port", "0", "--no-https", "--media-port", "0", "--address", "127.0.0.1", "--data", Path.Combine(folder, "data"),
            "--Parley:Turn:Enabled=false", "--Parley:Limits:ParticipantsPerMeeting=5000",
            // As many as the largest view of a load: everybody gets the same of every server.
            "--Parley:Media:Slots=9",
            .. Limited.SelectMany(rate => (string[])[$"--Parley:Rates:{rate}:PerMinute=100000", $"--Parley:Rates:{rate}:Burst=10000"]),
            .. settings,
        ];
        return await ServerProcess.StartAsync(folder, command, server => Task.FromResult(IsListening(server.Log)), cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<LoadOutcome> LoadAsync(LoadOptions options, CancellationToken cancellation)
    {
        using var server = new ParleyServer(Address);
        using var run = new LoadRun(options, server, new PlainLoadView(null));
        var report = await run.RunAsync(cancellation).ConfigureAwait(false);
        if (run.Figures is not { } figures) throw new InvalidOperationException("Parley was not measured: " + run.ProblemOf(report)?.Message);
        return new LoadOutcome(figures, report.WithMedia, run.Profile, report.Failures.Count == 0 ? null : $"{report.Failures[0].Name}: {report.Failures[0].Reason}");
    }

    private bool IsListening(string log)
    {
        if (!log.Contains("Application started", StringComparison.Ordinal) || Listening().Match(log) is not { Success: true } match) return false;
        _address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{match.Groups[1].Value}"));
        return true;
    }

    [GeneratedRegex("Now listening on: http://[^ ]*:([0-9]+)")]
    private static partial Regex Listening();
}
