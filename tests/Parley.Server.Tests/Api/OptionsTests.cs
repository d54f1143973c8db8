using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Parley.Server.Api;

namespace Parley.Server.Tests.Api;

public sealed class OptionsTests
{
    [Fact]
    public void Defaults_are_valid_and_the_data_folder_is_absolute()
    {
        var options = Read();
        Assert.Equal((8080, 8443, 7000), (options.Http.Port, options.Http.HttpsPort, options.Media.Port));
        Assert.Equal(Path.GetFullPath("data"), options.DataFolder);
        Assert.Empty(options.Media.Addresses);
    }

    [Theory]
    [InlineData("Media:Port", "70000", "Parley:Media:Port must be 0–65535, but is 70000")]
    [InlineData("Media:TcpPort", "70000", "Parley:Media:TcpPort must be 0–65535, but is 70000")]
    [InlineData("Media:TcpPort", "8080", "Parley:Media:TcpPort must differ from Parley:Http:Port, but both are 8080; Parley:Media:Tcp=false turns media over TCP off")]
    [InlineData("Media:Port", "8443", "Parley:Media:TcpPort must differ from Parley:Http:HttpsPort, but both are 8443; Parley:Media:Tcp=false turns media over TCP off")]
    [InlineData("Media:StunServer", "http://x", "Parley:Media:StunServer must be like stun.example.org:3478, but is \"http://x\"")]
    [InlineData("Media:StunServer", "x:70000", "Parley:Media:StunServer must be like stun.example.org:3478, but is \"x:70000\"")]
    [InlineData("Media:Workers", "0", "Parley:Media:Workers must be 1–64, but is 0")]
    [InlineData("Media:Workers", "65", "Parley:Media:Workers must be 1–64, but is 65")]
    [InlineData("Media:Port", "-1", "Parley:Media:Port must be 0–65535, but is -1")]
    [InlineData("Http:Port", "-1", "Parley:Http:Port must be 0–65535, but is -1")]
    [InlineData("Http:HttpsPort", "8080", "Parley:Http:HttpsPort must differ from Parley:Http:Port, but both are 8080")]
    [InlineData("Http:CertificatePath", "/no/such.pfx", "Parley:Http:CertificatePath must name a file, but there is none at \"/no/such.pfx\"")]
    [InlineData("Http:TrustedProxies:0", "proxy", "Parley:Http:TrustedProxies must hold IP addresses or networks like 10.0.0.0/8, but holds \"proxy\"")]
    [InlineData("Media:Addresses:0", "localhost", "Parley:Media:Addresses must hold IP addresses, but holds \"localhost\"")]
    [InlineData("Media:VideoCodecs:0", "VP10", "Parley:Media:VideoCodecs must hold VP8, H264, VP9, AV1, but holds \"VP10\"")]
    [InlineData("Turn:Port", "70000", "Parley:Turn:Port must be 0–65535, but is 70000")]
    [InlineData("Turn:TlsPort", "3478", "Parley:Turn:TlsPort must differ from Parley:Turn:Port, but both are 3478")]
    [InlineData("Turn:RelayPortLast", "49999", "Parley:Turn:RelayPortLast must be 50000–65535, but is 49999")]
    [InlineData("Turn:Secret", "too short", "Parley:Turn:Secret must have 16 characters or more, but has 9")]
    [InlineData("Turn:CredentialMinutes", "4", "Parley:Turn:CredentialMinutes must be 5–1440, but is 4")]
    [InlineData("AllowedOrigins:0", "example.org", "Parley:AllowedOrigins must hold origins like https://example.org, but holds \"example.org\"")]
    [InlineData("Embedding:Origins:0", "https://a.example; script-src *", "Parley:Embedding:Origins must hold origins like https://example.org, but holds \"https://a.example; script-src *\"")]
    [InlineData("Admin:Password", "too short", "Parley:Admin:Password must have 12 to 200 characters, but has 9")]
    [InlineData("JoinTokens:Secret", "too short", "Parley:JoinTokens:Secret must have 32 characters or more, but has 9")]
    [InlineData("Limits:Meetings", "0", "Parley:Limits:Meetings must be 1–100000, but is 0")]
    [InlineData("Rates:Chat:Burst", "0", "Parley:Rates:Chat:Burst must be 1–1000000, but is 0")]
    [InlineData("Grace:ReconnectSeconds", "0", "Parley:Grace:ReconnectSeconds must be 1–3600, but is 0")]
    [InlineData("Records:PostgreSql", "Host=db;Database=parley;Password=half;secret", "Parley:Records:PostgreSql must be like Host=db.example.org;Database=parley;Username=parley;Password=…")]
    [InlineData("Records:PostgreSql", "Host=db;Password=secret", "Parley:Records:PostgreSql must be like Host=db.example.org;Database=parley;Username=parley;Password=…, with Host and Database")]
    [InlineData("Records:RetentionDays", "-1", "Parley:Records:RetentionDays must be 0–36500, but is -1")]
    [InlineData("Metrics:Token", "too short", "Parley:Metrics:Token must have 16 characters or more, but has 9")]
    [InlineData("DataFolder", " ", "Parley:DataFolder must name a folder, but is empty")]
    [InlineData("Media:Prot", "7000", "Parley:Media:Prot is not a setting; docs/configuration.md lists them all")]
    [InlineData("Nonsense", "1", "Parley:Nonsense is not a setting; docs/configuration.md lists them all")]
    public void A_wrong_setting_is_named(string key, string value, string message) =>
        Assert.Equal([message], Assert.Throws<OptionsValidationException>(() => Read((key, value))).Failures);

    [Fact]
    public void A_value_of_the_wrong_kind_is_named_too()
    {
        var failure = Assert.Single(Assert.Throws<OptionsValidationException>(() => Read(("Media:Port", "many"))).Failures);
        Assert.Contains("Parley:Media:Port", failure, StringComparison.Ordinal);
        Assert.Contains("many", failure, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("8078", "Parley:Media:TcpPort 8078 is the first of 4 ports (Parley:Media:Workers), and Parley:Http:Port 8080 is one of them; Parley:Media:Tcp=false turns media over TCP off")]
    [InlineData("65533", "Parley:Media:Port 65533 leaves no port for each of Parley:Media:Workers 4: the last would be 65536")]
    public void Each_worker_takes_the_next_port(string first, string message) => Assert.Equal(
        [message], Assert.Throws<OptionsValidationException>(() => Read(("Media:Workers", "4"), ("Media:Port", first))).Failures);

    [Fact]
    public void A_video_codec_is_named_once()
    {
        var failure = Assert.Single(Assert.Throws<OptionsValidationException>(() =>
            Read(("Media:VideoCodecs:0", "VP8"), ("Media:VideoCodecs:1", "vp8"))).Failures);
        Assert.Equal("Parley:Media:VideoCodecs must hold each codec once", failure);
    }

    [Fact]
    public void Video_codecs_are_negotiated_in_the_order_given()
    {
        var policy = Read(("Media:VideoCodecs:0", "av1"), ("Media:VideoCodecs:1", "VP8")).Media.Policy;
        Assert.Equal(["opus", "AV1", "VP8"], policy.Codecs.Select(codec => codec.Name));
        Assert.Equal(["opus", "VP8", "H264", "VP9", "AV1"], Read().Media.Policy.Codecs.Select(codec => codec.Name));
    }

    [Fact]
    public void All_that_is_wrong_is_told_at_once() => Assert.Equal(
        2, Assert.Throws<OptionsValidationException>(() => Read(("Media:Port", "-1"), ("Limits:Meetings", "0"))).Failures.Count());

    [Fact]
    public void Every_setting_is_in_the_documentation()
    {
        var page = System.IO.File.ReadAllText(File("docs", "configuration.md"));
        var keys = Keys(typeof(ParleyOptions), "").ToList();
        Assert.True(keys.Count >= 30);
        Assert.All(keys, key => Assert.Contains($"`{key}`", page, StringComparison.Ordinal));
    }

    [Fact]
    public void A_port_in_use_is_one_line_that_names_the_key()
    {
        using var other = new TcpListener(IPAddress.Any, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        var error = Assert.Throws<StartException>(() => Listening.CheckPorts(new HttpOptions { Port = port, Https = false }));
        Assert.Equal($"Parley:Http:Port: port {port} is in use by another program; choose another with --Parley:Http:Port=PORT", error.Message);
    }

    private static ParleyOptions Read(params (string Key, string Value)[] settings) => ParleyOptionsReader.Read(
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create<string, string?>("Parley:" + s.Key, s.Value))).Build());

    private static IEnumerable<string> Keys(Type type, string prefix) => type.GetProperties().SelectMany(property =>
        property.PropertyType == typeof(RateOptions) ? [prefix + property.Name]
        : property.PropertyType.Namespace == typeof(ParleyOptions).Namespace ? Keys(property.PropertyType, prefix + property.Name + ":")
        : [prefix + property.Name]);

    /// <summary>The path of a file of the repository.</summary>
    internal static string File(params ReadOnlySpan<string> path)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!System.IO.File.Exists(Path.Combine(folder!.FullName, "Parley.slnx"))) folder = folder.Parent;
        return Path.Combine([folder.FullName, .. path]);
    }
}
