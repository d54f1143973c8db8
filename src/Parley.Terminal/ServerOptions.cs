using System.CommandLine;
using Parley.Client;

namespace Parley.Terminal;

/// <summary>Which server a command talks to, and what it takes for that server: the options of every command that talks to one.</summary>
internal static class ServerOptions
{
    private const string Variable = "PARLEY_SERVER";
    private const string Default = "http://localhost:8080";

    private static readonly Option<string> Server = new("--server")
    {
        HelpName = "URL",
        Description = $"The server [environment {Variable}, else {Default}]",
    };

    private static readonly Option<bool> Insecure = new("--insecure")
    {
        Description = "Take any HTTPS certificate, so that nothing proves who answers",
    };

    private static readonly Option<string> Certificate = new("--certificate-sha256")
    {
        HelpName = "HEX",
        Description = "Take the one HTTPS certificate with this fingerprint",
    };

    /// <summary>Adds them to a command.</summary>
    public static void AddServerOptions(this Command command)
    {
        command.Options.Add(Server);
        command.Options.Add(Insecure);
        command.Options.Add(Certificate);
    }

    /// <summary>The server that is meant when no link names one.</summary>
    /// <exception cref="ParleyException">It is no address.</exception>
    public static Uri AddressOf(ParseResult parsed) => ParleyServer.ParseAddress(
        parsed.GetValue(Server) ?? (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } set ? set : Default));

    /// <summary>Reads a meeting's link, or its id at <see cref="AddressOf"/>.</summary>
    /// <exception cref="ParleyException">It is neither.</exception>
    public static MeetingLink LinkOf(ParseResult parsed, string linkOrId) => MeetingLink.Parse(linkOrId, AddressOf(parsed));

    /// <summary>The server at <paramref name="address"/>; nothing is sent yet. The caller disposes it.</summary>
    public static ParleyServer ServerAt(ParseResult parsed, Uri address) => new(address, new ParleyServerOptions
    {
        AcceptAnyCertificate = parsed.GetValue(Insecure),
        CertificateSha256 = parsed.GetValue(Certificate),
    });
}
