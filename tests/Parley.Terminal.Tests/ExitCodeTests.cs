using System.Net;
using System.Net.Sockets;
using Parley.Terminal.Tests.Harness;

namespace Parley.Terminal.Tests;

public sealed class ExitCodeTests
{
    [Theory]
    [InlineData("'lsit' is no command or option here; see parley --help", "lsit")]
    [InlineData("'--josn' is no command or option here; see parley list --help", "list", "--josn")]
    [InlineData("'--josn' is no option here (what begins with a dash and is none goes behind --); see parley create --help", "create", "--josn")]
    [InlineData("Required argument missing for command: 'create'; see parley create --help", "create")]
    [InlineData("\"/y\" names no meeting: a meeting's link ends in /m/ and its id.", "record", "http://localhost/y")]
    [InlineData("An address begins with https:// or http://, not with ftp:.", "list", "--server", "ftp://localhost")]
    [InlineData("'--prot' is no option of serve; see parley serve --help", "serve", "--prot", "80")]
    [InlineData("'--Parley:Http:Port' has no value; write --Parley:Http:Port=VALUE", "serve", "--Parley:Http:Port")]
    public async Task A_wrong_call_is_one_line_and_code_2(string message, params string[] arguments) =>
        Assert.Equal("parley: " + message, (await ParleyProcess.RunAsync(arguments)).OneLine(ExitCodes.Usage));

    [Fact]
    public async Task No_command_shows_the_help_with_code_2_and_help_itself_is_no_error()
    {
        var nothing = await ParleyProcess.RunAsync();
        Assert.Equal(ExitCodes.Usage, nothing.Code);
        Assert.Equal(nothing.Output, (await ParleyProcess.RunAsync("--help")).Printed());
        Assert.All(["serve", "list", "create", "cancel", "record"], command => Assert.Contains($"\n  {command} ", nothing.Output, StringComparison.Ordinal));
        Assert.All(["0 done", "2 wrong", "3 server", "4 refused", "5 connection", "6 media", "130 Ctrl-C"], code => Assert.Contains(code, nothing.Output, StringComparison.Ordinal));
        Assert.Matches("^[0-9]+\\.[0-9]+\\.[0-9]+", (await ParleyProcess.RunAsync("--version")).Printed());
    }

    [Fact]
    public async Task A_server_that_is_away_is_code_3()
    {
        // Bound and not listening: nobody else gets this port, and nobody answers on it.
        using var closed = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        closed.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var address = $"http://127.0.0.1:{((IPEndPoint)closed.LocalEndPoint!).Port}";
        Assert.Contains(address, (await ParleyProcess.RunAsync("list", "--server", address)).OneLine(ExitCodes.Unreachable), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_none_of_ours_is_code_3()
    {
        await using var other = await FakeServer.AnsweringAsync("hello");
        (await ParleyProcess.RunAsync("list", "--server", other.Address)).OneLine(ExitCodes.Unreachable);
    }

    [Theory]
    [InlineData("INT", ExitCodes.Interrupted)]
    [InlineData("TERM", ExitCodes.Terminated)]
    [InlineData("HUP", ExitCodes.HangUp)]
    public async Task A_signal_ends_a_command_that_waits_without_a_word(string signal, int code)
    {
        var asked = new TaskCompletionSource();
        await using var silent = await FakeServer.StartAsync(async context =>
        {
            asked.TrySetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        });
        using var list = ParleyProcess.Start("list", "--server", silent.Address);
        await asked.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        await list.SignalAsync(signal);
        Assert.Equal(new ParleyProcess.Ended(code, "", ""), await list.EndAsync());
    }
}
