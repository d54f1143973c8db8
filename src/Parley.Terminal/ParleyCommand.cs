using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using Parley.Terminal.Check;
using Parley.Terminal.Join;
using Parley.Terminal.Load;
using Parley.Terminal.Meetings;
using Parley.Terminal.Serve;

namespace Parley.Terminal;

/// <summary>The command `parley`: what there is, and what is said about a call that cannot be read.</summary>
internal static class ParleyCommand
{
    private const string Description =
        """
        Video meetings on a server of your own.

        Exit codes: 0 done, 1 a bug (of check: no way is open), 2 wrong usage or link, 3 server unreachable, 4 refused by the server,
        5 connection lost, 6 media (device, file, codec, ffmpeg), 130 Ctrl-C.
        """;

    public static async Task<int> RunAsync(string[] args)
    {
        var parsed = Create().Parse(args, new ParserConfiguration
        {
            // A title may begin with @; it names no file.
            ResponseFileTokenReplacer = null,
        });
        if (parsed.Action is ParseErrorAction)
        {
            if (args.Length > 0) return Misread(parsed, Complaint(parsed));
            await Create().Parse(["--help"]).InvokeAsync();
            return ExitCodes.Usage;
        }

        if (UnknownOption(parsed) is { } unknown)
            return Misread(parsed, $"'{unknown}' is no option here (what begins with a dash and is none goes behind --)");
        return await parsed.InvokeAsync(new InvocationConfiguration
        {
            // Both are the runner's.
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
        });
    }

    private static RootCommand Create()
    {
        var root = new RootCommand(Description)
        {
            CommandRunner.Debug,
            // In the order of the help.
            ServeCommand.Create(),
            PasswordCommand.Create(),
            ListCommand.Create(),
            CreateCommand.Create(),
            CancelCommand.Create(),
            RecordCommand.Create(),
            JoinCommand.Create(),
            CheckCommand.Create(),
            LoadCommand.Create(),
        };
        // A title like [suggest:x] is a title.
        root.Directives.Clear();
        return root;
    }

    /// <summary>The parser gives an option that it does not know to an argument that still takes one: `create --nmae Ada`.</summary>
    private static string? UnknownOption(ParseResult parsed)
    {
        if (parsed.CommandResult.Command.Name is ServeCommand.Name or PasswordCommand.Name || parsed.Tokens.Any(token => token.Type == TokenType.DoubleDash)) return null;
        return parsed.CommandResult.Children.OfType<ArgumentResult>()
            .SelectMany(argument => argument.Tokens)
            .Select(token => token.Value)
            .FirstOrDefault(value => value.Length > 1 && value[0] == '-');
    }

    /// <summary>The first, but what is there and wrong before what is missing.</summary>
    private static string Complaint(ParseResult parsed) => parsed.UnmatchedTokens.Count > 0
        ? $"'{parsed.UnmatchedTokens[0]}' is no command or option here"
        : parsed.Errors[0].Message.TrimEnd('.');

    private static int Misread(ParseResult parsed, string complaint)
    {
        CommandRunner.WriteError($"{complaint}; see {string.Join(' ', Path(parsed.CommandResult))} --help");
        return ExitCodes.Usage;
    }

    private static IEnumerable<string> Path(CommandResult result) =>
        result.Parent is CommandResult parent ? Path(parent).Append(result.Command.Name) : ["parley"];
}
