using System.Globalization;
using System.Net;
using Microsoft.Extensions.Options;
using Parley.Media.Sdp;
using Parley.Server.MediaHost;

namespace Parley.Server;

/// <summary>Says what is wrong with the configuration, each sentence with the key it is about.</summary>
public sealed class ParleyOptionsValidator : IValidateOptions<ParleyOptions>
{
    public ValidateOptionsResult Validate(string? name, ParleyOptions options)
    {
        var wrong = new List<string>();
        if (string.IsNullOrWhiteSpace(options.DataFolder)) wrong.Add("Parley:DataFolder must name a folder, but is empty");
        foreach (var origin in options.AllowedOrigins)
        {
            if (!Uri.TryCreate(origin, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.PathAndQuery != "/")
                wrong.Add($"Parley:AllowedOrigins must hold origins like https://example.org, but holds \"{origin}\"");
        }

        CheckHttp(options.Http, wrong);
        CheckMedia(options.Media, options.Http, wrong);
        CheckTurn(options.Turn, wrong);
        CheckLimits(options.Limits, wrong);
        CheckRates(options.Rates, wrong);
        Range("PeerToPeer:ConnectSeconds", options.PeerToPeer.ConnectSeconds, 1, 60, wrong);
        Range("PeerToPeer:CalmSeconds", options.PeerToPeer.CalmSeconds, 0, 3600, wrong);
        Range("Grace:ReconnectSeconds", options.Grace.ReconnectSeconds, 1, 3600, wrong);
        Range("Grace:UnusedMinutes", options.Grace.UnusedMinutes, 1, 10080, wrong);
        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
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
        Range("Limits:NameLength", limits.NameLength, 1, 200, wrong);
        Range("Limits:TitleLength", limits.TitleLength, 1, 500, wrong);
        Range("Limits:ChatLength", limits.ChatLength, 1, 20_000, wrong);
        Range("Limits:ChatHistory", limits.ChatHistory, 1, 5000, wrong);
        Range("Limits:Connections", limits.Connections, 10, 1_000_000, wrong);
    }

    private static void CheckRates(RatesOptions rates, List<string> wrong)
    {
        foreach (var (key, rate) in new[]
        {
            ("Joins", rates.Joins), ("Creates", rates.Creates), ("Cancels", rates.Cancels), ("Reads", rates.Reads),
            ("Chat", rates.Chat), ("Offers", rates.Offers), ("Media", rates.Media), ("Views", rates.Views), ("Links", rates.Links), ("Reports", rates.Reports),
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
