using System.CommandLine;
using Parley.Client;

namespace Parley.Terminal.Tests;

public sealed class CommandRunnerTests
{
    [Theory]
    [InlineData(ParleyError.Invalid, 2)]
    [InlineData(ParleyError.Unreachable, 3)]
    [InlineData(ParleyError.Refused, 4)]
    [InlineData(ParleyError.Lost, 5)]
    [InlineData(ParleyError.Media, 6)]
    public async Task Each_kind_of_error_has_its_code(ParleyError error, int code) =>
        Assert.Equal(code, await RunAsync((_, _) => throw new ParleyException(error, "What to do.")));

    [Fact]
    public void No_kind_of_error_is_forgotten() =>
        Assert.DoesNotContain(ExitCodes.Internal, Enum.GetValues<ParleyError>().Select(ExitCodes.Of));

    [Fact]
    public async Task A_bug_is_code_1_and_what_a_command_returns_is_its_code()
    {
        Assert.Equal(1, await RunAsync((_, _) => throw new InvalidOperationException("Ours.")));
        // Cancelled, but not by a signal: nobody asked for it.
        Assert.Equal(1, await RunAsync((_, _) => throw new OperationCanceledException()));
        Assert.Equal(7, await RunAsync((_, _) => Task.FromResult(7)));
    }

    private static Task<int> RunAsync(Func<ParseResult, CancellationToken, Task<int>> body)
    {
        var command = new RootCommand { CommandRunner.Debug };
        command.Runs(body);
        return command.Parse([]).InvokeAsync(cancellationToken: TestContext.Current.CancellationToken);
    }
}
