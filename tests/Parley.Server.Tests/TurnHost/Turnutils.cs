using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Parley.Server.Tests.TurnHost;

/// <summary>coturn's test programs.</summary>
internal static partial class Turnutils
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Runs turnutils_uclient and returns what it counted.</summary>
    public static async Task<(int Sent, int Received, int Lost, string Output)> ClientAsync(params string[] arguments)
    {
        using var process = Start("turnutils_uclient", arguments);
        try
        {
            var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Patience);
            var all = await output + await error;
            var (messages, lost) = (Messages().Matches(all), Lost().Match(all));
            if (process.ExitCode != 0 || messages.Count == 0 || !lost.Success) return (-1, -1, -1, all);
            return (Number(messages[^1], 1), Number(messages[^1], 2), Number(lost, 1), all);
        }
        finally
        {
            if (!process.HasExited) process.Kill();
        }
    }

    /// <summary>Starts turnutils_peer, which sends everything back.</summary>
    public static Process Peer(int port) => Start("turnutils_peer", "-L", "127.0.0.1", "-p", port.ToString(CultureInfo.InvariantCulture));

    private static Process Start(string program, params string[] arguments)
    {
        try
        {
            return Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        }
        catch (Win32Exception missing)
        {
            throw new InvalidOperationException($"{program} is missing: install coturn, or run ./test, which does.", missing);
        }
    }

    private static int Number(Match match, int group) => int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"tot_send_msgs=(\d+), tot_recv_msgs=(\d+)")]
    private static partial Regex Messages();

    [GeneratedRegex(@"Total lost packets (\d+)")]
    private static partial Regex Lost();
}
