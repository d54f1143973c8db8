using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using Parley.Client;
using Parley.Terminal.Serve;
using Parley.Terminal.Tests.Harness;

namespace Parley.Terminal.Tests.Serve;

public sealed class ServeCommandTests : IDisposable
{
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("parley-serve-");

    [Fact]
    public void Each_option_is_a_setting_and_a_setting_by_its_own_name_comes_last() => Assert.Equal(
        [
            "--Parley:Http:Port=80", "--Parley:Http:HttpsPort=443", "--Parley:Http:CertificatePath=c.pem", "--Parley:Http:CertificateKeyPath=k.pem",
            "--Parley:Media:Port=7001", "--Parley:DataFolder=/var/lib/parley", "--Parley:WebRoot=web", "--Parley:Http:Https=false",
            "--Parley:Media:Addresses:0=192.0.2.1", "--Parley:Media:Addresses:1=2001:db8::1",
            "--Parley:Media:Slots=9", "--Logging:LogLevel:Default=Debug", "--Parley:Http:Port=81",
        ],
        Settings(
            "--Parley:Media:Slots", "9", "--port", "80", "--https-port=443", "--certificate", "c.pem", "--certificate-key", "k.pem", "--media-port", "7001",
            "--data", "/var/lib/parley", "--web-root", "web", "--no-https", "--address", "192.0.2.1", "--Logging:LogLevel:Default=Debug",
            "--address", "2001:db8::1", "--Parley:Http:Port=81"));

    [Theory]
    [InlineData("--prot", "80")]
    [InlineData("Parley:Http:Port=80")]
    [InlineData("80")]
    [InlineData("--Parley:Http:Port")]
    public void What_configuration_would_not_read_is_refused(params string[] arguments) =>
        Assert.Equal(ParleyError.Invalid, Assert.Throws<ParleyException>(() => Settings(arguments)).Error);

    [Fact]
    public async Task A_setting_that_cannot_be_is_the_servers_own_line_and_code_2() => Assert.Equal(
        "Parley:Http:Port must be 0–65535, but is 70000", (await ParleyProcess.RunAsync("serve", "--port", "70000")).OneLine(ExitCodes.Usage));

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task A_signal_stops_it_in_order_with_code_0(string signal)
    {
        using var serve = Serve();
        await serve.LineAsync("Application started");
        await serve.SignalAsync(signal);
        var ended = await serve.EndAsync();
        Assert.Equal((0, ""), (ended.Code, ended.Error));
    }

    [Fact]
    public async Task A_second_ctrl_c_does_not_wait_for_a_request_that_never_ends()
    {
        using var serve = Serve();
        var address = (await serve.LineAsync("Now listening on: ")).Split(": ")[1];
        await serve.LineAsync("Application started");
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, new Uri(address.Replace("[::]", "localhost", StringComparison.Ordinal)).Port, TestContext.Current.CancellationToken);
        // Its answer to "Expect" shows that the request has begun.
        await client.GetStream().WriteAsync(
            "POST /api/meetings HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 200000\r\nExpect: 100-continue\r\n\r\n"u8.ToArray(),
            TestContext.Current.CancellationToken);
        await client.GetStream().ReadExactlyAsync(new byte[1], TestContext.Current.CancellationToken);
        // Half of it, for Kestrel drops who sends less than 240 bytes a second.
        await client.GetStream().WriteAsync(Enumerable.Repeat((byte)' ', 100_000).ToArray(), TestContext.Current.CancellationToken);
        await serve.SignalAsync("INT");
        await serve.LineAsync("Application is shutting down");
        await serve.SignalAsync("INT");
        Assert.Equal(ExitCodes.Interrupted, (await serve.EndAsync()).Code);
    }

    public void Dispose() => _data.Delete(recursive: true);

    private ParleyProcess Serve() => ParleyProcess.Start(
        "serve", "--port", "0", "--no-https", "--media-port", "0", "--Parley:Turn:Port=0", "--data", _data.FullName);

    private static string[] Settings(params string[] arguments)
    {
        var root = new RootCommand { ServeCommand.Create() };
        return [.. ServeCommand.SettingsOf(root.Parse(["serve", .. arguments]))];
    }
}
