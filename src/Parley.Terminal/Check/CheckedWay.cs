using System.Text.Json.Serialization;

namespace Parley.Terminal.Check;

/// <summary>What came of trying one way to a server.</summary>
internal enum Verdict
{
    Works,
    Fails,

    /// <summary>The server offers no such way.</summary>
    Absent,
}

/// <summary>One way to a server.</summary>
/// <param name="Way">Which: signalling, udp, tcp, relay-udp, relay-tcp, relay-tls.</param>
/// <param name="Verdict">Whether it works.</param>
/// <param name="Milliseconds">How long that took to know; null where nothing was tried.</param>
/// <param name="Message">What was found, and where it fails, what to do.</param>
internal sealed record CheckedWay(string Way, Verdict Verdict, long? Milliseconds, string Message)
{
    public const string Signalling = "signalling";

    /// <summary>Whether media can go this way.</summary>
    [JsonIgnore]
    public bool CarriesMedia => Way != Signalling && Verdict == Verdict.Works;
}

/// <summary>All of them, as --json has it.</summary>
internal sealed record CheckReport(string Server, bool Works, IReadOnlyList<CheckedWay> Ways)
{
    public static CheckReport Of(string server, IReadOnlyList<CheckedWay> ways) => new(
        server,
        ways.Any(way => way is { Way: CheckedWay.Signalling, Verdict: Verdict.Works }) && ways.Any(way => way.CarriesMedia),
        ways);
}
