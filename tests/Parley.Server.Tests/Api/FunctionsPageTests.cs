using System.Text.RegularExpressions;

namespace Parley.Server.Tests.Api;

public sealed partial class FunctionsPageTests
{
    /// <summary>What nobody uses, or nobody is refused, is not known to work.</summary>
    [Fact]
    public void Each_function_has_a_test_that_uses_it_and_one_that_is_refused_and_both_exist()
    {
        var lines = File.ReadAllLines(OptionsTests.File("docs", "functions.md")).Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Skip(1).ToList();
        Assert.True(lines.Count > 30);
        var sources = Directory.EnumerateFiles(OptionsTests.File("tests"), "*.cs", SearchOption.AllDirectories).ToLookup(path => Path.GetFileNameWithoutExtension(path));
        foreach (var line in lines)
        {
            var cells = line.Split('|');
            foreach (var cell in cells[2..4])
            {
                var named = NamedTest().Matches(cell);
                Assert.True(named.Count > 0, line);
                foreach (Match test in named)
                {
                    var isThere = sources[test.Groups[1].Value].Any(path => File.ReadAllText(path).Contains($" {test.Groups[2].Value}(", StringComparison.Ordinal));
                    Assert.True(isThere, $"There is no {test.Value}");
                }
            }
        }
    }

    [GeneratedRegex(@"`(\w+)\.(\w+)`")]
    private static partial Regex NamedTest();
}
