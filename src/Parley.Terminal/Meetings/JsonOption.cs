using System.CommandLine;

namespace Parley.Terminal.Meetings;

/// <summary>The option of commands that scripts read.</summary>
internal static class JsonOption
{
    public static Option<bool> Json { get; } = new("--json") { Description = "Print JSON, for scripts" };
}
