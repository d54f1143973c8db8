using System.Net;
using System.Net.Http.Json;
using Parley.Protocol;
using Parley.Terminal.Tests.Harness;

namespace Parley.Terminal.Tests.Serve;

public sealed class PasswordCommandTests : IDisposable
{
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("parley-password-");

    [Fact]
    public async Task Another_password_takes_the_place_of_the_one_before_while_the_server_is_stopped()
    {
        string before;
        using (var serve = Serve())
        {
            before = PasswordIn(await serve.LineAsync("The admin's password is"));
            var (http, code) = await SignInAsync(serve, before);
            http.Dispose();
            Assert.Equal(HttpStatusCode.OK, code);

            // A running server would go on with the old one.
            Assert.Contains("another Parley process is using", (await ParleyProcess.RunAsync("password", "--data", _data.FullName)).OneLine(ExitCodes.Usage), StringComparison.Ordinal);
            await serve.SignalAsync("TERM");
            Assert.Equal(0, (await serve.EndAsync()).Code);
        }

        var made = PasswordIn((await ParleyProcess.RunAsync("password", "--data", _data.FullName)).Printed());
        Assert.NotEqual(before, made);
        using var again = Serve();
        var (client, refused) = await SignInAsync(again, before);
        using var _ = client;
        Assert.Equal(HttpStatusCode.Forbidden, refused);
        Assert.Equal(HttpStatusCode.OK, (await client.PostAsJsonAsync("/api/admin/session", new SignIn(made), ProtocolJson.Options, TestContext.Current.CancellationToken)).StatusCode);
    }

    [Fact]
    public async Task Where_the_settings_have_a_password_none_is_made() => Assert.Contains(
        "change it there",
        (await ParleyProcess.RunAsync("password", "--data", _data.FullName, "--Parley:Admin:Password=of the settings")).OneLine(ExitCodes.Usage),
        StringComparison.Ordinal);

    public void Dispose() => _data.Delete(recursive: true);

    private static string PasswordIn(string line) => line.Split("  ")[1];

    private static async Task<(HttpClient Http, HttpStatusCode Code)> SignInAsync(ParleyProcess serve, string password)
    {
        var address = (await serve.LineAsync("Now listening on: ")).Split(": ")[1];
        await serve.LineAsync("Application started");
        var http = new HttpClient { BaseAddress = new Uri(address.Replace("[::]", "localhost", StringComparison.Ordinal)) };
        using var answer = await http.PostAsJsonAsync("/api/admin/session", new SignIn(password), ProtocolJson.Options, TestContext.Current.CancellationToken);
        return (http, answer.StatusCode);
    }

    private ParleyProcess Serve() => ParleyProcess.Start(
        "serve", "--port", "0", "--no-https", "--media-port", "0", "--Parley:Turn:Port=0", "--data", _data.FullName);
}
