using System.CommandLine;
using Parley.SideBySide;

// A server that is under way when somebody presses Ctrl-C is ended and its folder removed first.
var configuration = new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(30) };
return await SideBySideCommand.Create().Parse(args).InvokeAsync(configuration);
