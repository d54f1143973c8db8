using System.CommandLine;
using Parley.Client;
using Parley.Terminal.Serve;
using Parley.Terminal.Tests.Harness;

namespace Parley.Terminal.Tests.Serve;

public sealed class ServeCommandTests
{
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

    private static string[] Settings(params string[] arguments)
    {
        var root = new RootCommand { ServeCommand.Create() };
        return [.. ServeCommand.SettingsOf(root.Parse(["serve", .. arguments]))];
    }
}
