namespace Parley.Browser.Harness;

/// <summary>What a run of the tests is to print even when all is well: times and gaps, which no test asserts as they are.</summary>
internal static class Figures
{
    public static void Print(string line)
    {
        TestContext.Current.TestOutputHelper?.WriteLine(line);
        Console.WriteLine($"   {line}");
    }
}
