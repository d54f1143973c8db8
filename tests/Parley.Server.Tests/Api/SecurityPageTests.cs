using System.Text.RegularExpressions;

namespace Parley.Server.Tests.Api;

public sealed partial class SecurityPageTests
{
    /// <summary>A line that nothing holds is a wish.</summary>
    [Fact]
    public void Each_line_of_the_page_names_tests_that_exist()
    {
        var lines = File.ReadAllLines(OptionsTests.File("docs", "security.md")).Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Skip(1).ToList();
        Assert.True(lines.Count > 20);
        var sources = Directory.EnumerateFiles(OptionsTests.File("tests"), "*Tests.cs", SearchOption.AllDirectories).ToLookup(path => Path.GetFileNameWithoutExtension(path));
        foreach (var line in lines)
        {
            var named = NamedTest().Matches(line.Split('|')[3]);
            Assert.True(named.Count > 0, line);
            foreach (Match test in named)
            {
                var isThere = sources[test.Groups[1].Value].Any(path => File.ReadAllText(path).Contains($" {test.Groups[2].Value}(", StringComparison.Ordinal));
                Assert.True(isThere, $"There is no {test.Value}");
            }
        }
    }

    [GeneratedRegex(@"`(\w+Tests)\.(\w+)`")]
    private static partial Regex NamedTest();
}
