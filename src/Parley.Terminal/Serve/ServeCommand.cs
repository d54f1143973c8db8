using System.CommandLine;
using Parley.Client;
using Parley.Server;

namespace Parley.Terminal.Serve;

/// <summary>`parley serve`: the server. Its options are short names of settings; every setting can be given by its own name as well.</summary>
internal static class ServeCommand
{
    public const string Name = "serve";

    private static readonly Option<string> Port = Setting("--port", "PORT", "TCP port of plain HTTP [8080]");
    private static readonly Option<string> HttpsPort = Setting("--https-port", "PORT", "TCP port of HTTPS [8443]");
    private static readonly Option<bool> NoHttps = new("--no-https") { Description = "Plain HTTP only" };
    private static readonly Option<string> Certificate = Setting("--certificate", "FILE", "Certificate of HTTPS, PEM or PFX [one that Parley makes]");
    private static readonly Option<string> CertificateKey = Setting("--certificate-key", "FILE", "Key of a PEM certificate, if in a file of its own");
    private static readonly Option<string> MediaPort = Setting("--media-port", "PORT", "First UDP port of audio and video, one for each core [7000]");
    private static readonly Option<string[]> Address = new("--address")
    {
        HelpName = "IP",
        Description = "Address told to clients for media, behind NAT the public one; may be repeated [those of the machine]",
    };
    internal static readonly Option<string> Data = Setting("--data", "DIR", "Folder of records and certificate [data]");
    private static readonly Option<string> WebRoot = Setting("--web-root", "DIR", "Folder of the built web page [wwwroot beside parley]");

    /// <summary>Dashes and all: the parser gives an option that it does not know to an argument.</summary>
    internal static readonly Argument<string[]> Others = new("--Parley:KEY=VALUE")
    {
        Description = "Any setting of docs/configuration.md; wins over the options below",
        Arity = ArgumentArity.ZeroOrMore,
    };

    public static Command Create()
    {
        var command = new Command(Name, "Run the server, until Ctrl-C or SIGTERM")
        {
            Others, Port, HttpsPort, NoHttps, Certificate, CertificateKey, MediaPort, Address, Data, WebRoot,
        };
        command.Runs((parsed, ct) => ParleyApp.RunAsync([.. SettingsOf(parsed)], ct));
        return command;
    }

    /// <summary>What the server's configuration reads; of two values for one key the later wins.</summary>
    internal static IEnumerable<string> SettingsOf(ParseResult parsed)
    {
        (Option<string> Option, string Key)[] named =
        [
            (Port, "Http:Port"), (HttpsPort, "Http:HttpsPort"), (Certificate, "Http:CertificatePath"),
            (CertificateKey, "Http:CertificateKeyPath"), (MediaPort, "Media:Port"), (Data, "DataFolder"), (WebRoot, "WebRoot"),
        ];
        foreach (var (option, key) in named)
        {
            if (parsed.GetValue(option) is { } value) yield return $"--Parley:{key}={value}";
        }

        if (parsed.GetValue(NoHttps)) yield return "--Parley:Http:Https=false";
        foreach (var (index, address) in (parsed.GetValue(Address) ?? []).Index()) yield return $"--Parley:Media:Addresses:{index}={address}";
        foreach (var token in Passed(parsed.GetValue(Others) ?? [])) yield return token;
    }

    /// <summary>
    /// `--SECTION:KEY=VALUE` or `--SECTION:KEY VALUE`, as configuration reads them. Anything else is misspelt, and would be a setting
    /// that nobody reads.
    /// </summary>
    private static IEnumerable<string> Passed(string[] tokens)
    {
        for (var i = 0; i < tokens.Length; i++)
        {
            var token = tokens[i];
            var equals = token.IndexOf('=', StringComparison.Ordinal);
            var key = equals < 0 ? token : token[..equals];
            if (!key.StartsWith("--", StringComparison.Ordinal) || !key.Contains(':', StringComparison.Ordinal))
                throw new ParleyException(ParleyError.Invalid, $"'{token}' is no option of serve; see parley serve --help");
            if (equals < 0 && i + 1 == tokens.Length)
                throw new ParleyException(ParleyError.Invalid, $"'{token}' has no value; write {token}=VALUE");
            yield return equals < 0 ? $"{token}={tokens[++i]}" : token;
        }
    }

    private static Option<string> Setting(string name, string value, string description) =>
        new(name) { HelpName = value, Description = description };
}
