using System.Globalization;
using System.Net;
using Microsoft.Extensions.Options;
using Parley.Media.Sdp;
using Parley.Server.Access;
using Parley.Server.MediaHost;
using Parley.Server.Records;

namespace Parley.Server;

/// <summary>Says what is wrong with the configuration, each sentence with the key it is about.</summary>
public sealed class ParleyOptionsValidator : IValidateOptions<ParleyOptions>
{
    public ValidateOptionsResult Validate(string? name, ParleyOptions options)
    {
        var wrong = new List<string>();
        if (string.IsNullOrWhiteSpace(options.DataFolder)) wrong.Add("Parley:DataFolder must name a folder, but is empty");
        CheckOrigins("AllowedOrigins", options.AllowedOrigins, wrong);
        CheckOrigins("Embedding:Origins", options.Embedding.Origins, wrong);

        CheckHttp(options.Http, wrong);
        CheckMedia(options.Media, options.Http, wrong);
        CheckTurn(options.Turn, wrong);
        CheckLimits(options.Limits, wrong);
        CheckRates(options.Rates, wrong);
        CheckFiles(options.Files, wrong);
        Range("PeerToPeer:ConnectSeconds", options.PeerToPeer.ConnectSeconds, 1, 60, wrong);
        Range("PeerToPeer:CalmSeconds", options.PeerToPeer.CalmSeconds, 0, 3600, wrong);
        Range("Grace:ReconnectSeconds", options.Grace.ReconnectSeconds, 1, 3600, wrong);
        Range("Grace:UnusedMinutes", options.Grace.UnusedMinutes, 1, 10080, wrong);
        if (options.Records.PostgreSql.Length > 0 && PostgreSqlStore.WhyInvalid(options.Records.PostgreSql) is { } why)
            wrong.Add("Parley:Records:PostgreSql " + why);
        Range("Grace:DrainSeconds", options.Grace.DrainSeconds, 0, 3600, wrong);
        Range("Records:RetentionDays", options.Records.RetentionDays, 0, 36500, wrong);
        if (options.Admin.Password.Length is > 0 and (< AdminPassword.Shortest or > AdminPassword.Longest))
            wrong.Add($"Parley:Admin:Password must have {AdminPassword.Shortest} to {AdminPassword.Longest} characters, but has {options.Admin.Password.Length}");
        if (options.JoinTokens.Secret.Length is > 0 and < 32)
            wrong.Add($"Parley:JoinTokens:Secret must have 32 characters or more, but has {options.JoinTokens.Secret.Length}");
        Range("Admin:SessionMinutes", options.Admin.SessionMinutes, 5, 43_200, wrong);
        if (options.Metrics.Token.Length is > 0 and < 16)
            wrong.Add($"Parley:Metrics:Token must have 16 characters or more, but has {options.Metrics.Token.Length}");
        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
    }

    /// <summary>Of the one, a page's Origin header is compared; the other stands in a header, where a space or a semicolon would be more than an origin.</summary>
    private static void CheckOrigins(string key, IList<string> origins, List<string> wrong)
    {
        foreach (var origin in origins)
        {
            if (!Uri.TryCreate(origin, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.PathAndQuery != "/"
                || origin.AsSpan().ContainsAny(" ;,'\""))
                wrong.Add($"Parley:{key} must hold origins like https://example.org, but holds \"{origin}\"");
        }
    }

    private static void CheckHttp(HttpOptions http, List<string> wrong)
    {
        Range("Http:Port", http.Port, 0, 65535, wrong);
        Range("Http:HttpsPort", http.HttpsPort, 0, 65535, wrong);
        if (http.Https && http.Port != 0 && http.Port == http.HttpsPort)
            wrong.Add($"Parley:Http:HttpsPort must differ from Parley:Http:Port, but both are {http.Port}");
        CheckFile("Http:CertificatePath", http.CertificatePath, wrong);
        CheckFile("Http:CertificateKeyPath", http.CertificateKeyPath, wrong);
        if (http.CertificateKeyPath.Length > 0 && http.CertificatePath.Length == 0)
            wrong.Add("Parley:Http:CertificatePath must be given when Parley:Http:CertificateKeyPath is");
        foreach (var proxy in http.TrustedProxies)
        {
            if (!IPAddress.TryParse(proxy, out _) && !IPNetwork.TryParse(proxy, out _))
                wrong.Add($"Parley:Http:TrustedProxies must hold IP addresses or networks like 10.0.0.0/8, but holds \"{proxy}\"");
        }
    }

    private static void CheckMedia(MediaOptions media, HttpOptions http, List<string> wrong)
    {
        Range("Media:Port", media.Port, 0, 65535, wrong);
        if (media.TcpPort is { } tcpPort) Range("Media:TcpPort", tcpPort, 0, 65535, wrong);
        Range("Media:Workers", media.EffectiveWorkers, 1, MediaOptions.MostWorkers, wrong);
        CheckLast("Media:Port", media.Port, media.EffectiveWorkers, wrong);
        if (media.EffectiveTcpPort is > 0 and var first)
        {
            if (media.TcpPort is not null) CheckLast("Media:TcpPort", first, media.EffectiveWorkers, wrong);
            CheckTaken("Http:Port", http.Port);
            if (http.Https) CheckTaken("Http:HttpsPort", http.HttpsPort);

            void CheckTaken(string key, int taken)
            {
                if (taken < first || taken >= first + media.EffectiveWorkers) return;
                wrong.Add((taken == first
                    ? $"Parley:Media:TcpPort must differ from Parley:{key}, but both are {taken}"
                    : $"Parley:Media:TcpPort {first} is the first of {media.EffectiveWorkers} ports (Parley:Media:Workers), and Parley:{key} {taken} is one of them")
                    + "; Parley:Media:Tcp=false turns media over TCP off");
            }
        }

        CheckStunServer(media.StunServer, wrong);
        Range("Media:Slots", media.Slots, 1, 25, wrong);
        Range("Media:Voices", media.Voices, 1, 100, wrong);
        foreach (var codec in media.VideoCodecs)
        {
            if (!SdpPolicy.TryGetVideoCodec(codec, out _))
                wrong.Add($"Parley:Media:VideoCodecs must hold {string.Join(", ", SdpPolicy.VideoCodecNames)}, but holds \"{codec}\"");
        }

        if (media.VideoCodecs.Distinct(StringComparer.OrdinalIgnoreCase).Count() < media.VideoCodecs.Count)
            wrong.Add("Parley:Media:VideoCodecs must hold each codec once");
        foreach (var address in media.Addresses)
        {
            if (!IPAddress.TryParse(address, out _)) wrong.Add($"Parley:Media:Addresses must hold IP addresses, but holds \"{address}\"");
        }
    }

    /// <summary>Each worker takes the next port.</summary>
    private static void CheckLast(string key, int first, int workers, List<string> wrong)
    {
        if (first <= 65535 && first + workers - 1 > 65535)
            wrong.Add($"Parley:{key} {first} leaves no port for each of Parley:Media:Workers {workers}: the last would be {first + workers - 1}");
    }

    private static void CheckTurn(TurnOptions turn, List<string> wrong)
    {
        Range("Turn:Port", turn.Port, 0, 65535, wrong);
        Range("Turn:TlsPort", turn.TlsPort, 0, 65535, wrong);
        if (turn.Port != 0 && turn.Port == turn.TlsPort)
            wrong.Add($"Parley:Turn:TlsPort must differ from Parley:Turn:Port, but both are {turn.Port}");
        Range("Turn:RelayPortFirst", turn.RelayPortFirst, 0, 65535, wrong);
        if (turn.RelayPortFirst > 0) Range("Turn:RelayPortLast", turn.RelayPortLast, turn.RelayPortFirst, 65535, wrong);

        // Its length and no more: a secret stands in no message.
        if (turn.Secret.Length is > 0 and < 16)
            wrong.Add($"Parley:Turn:Secret must have 16 characters or more, but has {turn.Secret.Length}");
        Range("Turn:CredentialMinutes", turn.CredentialMinutes, 5, 1440, wrong);
        Range("Turn:Allocations", turn.Allocations, 1, 65535, wrong);
        Range("Turn:AllocationsPerUser", turn.AllocationsPerUser, 1, 65535, wrong);
        Range("Turn:AllocationsPerAddress", turn.AllocationsPerAddress, 1, 65535, wrong);
        Range("Turn:Connections", turn.Connections, 1, 1_000_000, wrong);
        Range("Turn:ConnectionsPerAddress", turn.ConnectionsPerAddress, 1, 1_000_000, wrong);
        Range("Turn:KilobytesPerSecond", turn.KilobytesPerSecond, 10, 1_000_000, wrong);
    }

    private static void CheckStunServer(string server, List<string> wrong)
    {
        if (server.Length > 0 && StunServerAddress.Parse(server) is null)
            wrong.Add($"Parley:Media:StunServer must be like stun.example.org:3478, but is \"{server}\"");
    }

    private static void CheckLimits(LimitOptions limits, List<string> wrong)
    {
        Range("Limits:ParticipantsPerMeeting", limits.ParticipantsPerMeeting, 1, 5000, wrong);
        Range("Limits:Meetings", limits.Meetings, 1, 100_000, wrong);
        Range("Limits:LobbyPerMeeting", limits.LobbyPerMeeting, 1, 1000, wrong);
        Range("Limits:LastingMeetings", limits.LastingMeetings, 0, 100_000, wrong);
        Range("Limits:NameLength", limits.NameLength, 1, 200, wrong);
        Range("Limits:TitleLength", limits.TitleLength, 1, 500, wrong);
        Range("Limits:ChatLength", limits.ChatLength, 1, 20_000, wrong);
        Range("Limits:ChatHistory", limits.ChatHistory, 1, 5000, wrong);
        Range("Limits:Connections", limits.Connections, 10, 1_000_000, wrong);
    }

    private static void CheckFiles(FilesOptions files, List<string> wrong)
    {
        Range("Files:MaxMegabytes", files.MaxMegabytes, 0, 1024, wrong);
        Range("Files:MegabytesPerMeeting", files.MegabytesPerMeeting, 1, 1_000_000, wrong);
        Range("Files:PerMeeting", files.PerMeeting, 1, 100_000, wrong);
        Range("Files:KeepFreeMegabytes", files.KeepFreeMegabytes, 0, 1_000_000, wrong);
    }

    private static void CheckRates(RatesOptions rates, List<string> wrong)
    {
        foreach (var (key, rate) in new[]
        {
            ("Joins", rates.Joins), ("Creates", rates.Creates), ("Cancels", rates.Cancels), ("Reads", rates.Reads),
            ("Chat", rates.Chat), ("Offers", rates.Offers), ("Media", rates.Media), ("Views", rates.Views), ("Links", rates.Links),
            ("Hosting", rates.Hosting), ("Reports", rates.Reports), ("Reactions", rates.Reactions), ("Files", rates.Files),
            ("SignIns", rates.SignIns), ("Keys", rates.Keys),
        })
        {
            Range($"Rates:{key}:PerMinute", rate.PerMinute, 1, 1_000_000, wrong);
            Range($"Rates:{key}:Burst", rate.Burst, 1, 1_000_000, wrong);
        }
    }

    private static void CheckFile(string key, string path, List<string> wrong)
    {
        if (path.Length > 0 && !File.Exists(path)) wrong.Add($"Parley:{key} must name a file, but there is none at \"{path}\"");
    }

    private static void Range(string key, int value, int least, int most, List<string> wrong)
    {
        if (value < least || value > most)
            wrong.Add(string.Create(CultureInfo.InvariantCulture, $"Parley:{key} must be {least}–{most}, but is {value}"));
    }
}
