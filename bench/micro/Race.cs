using System.Diagnostics;

namespace Parley.Micro;

/// <summary>Ways of doing the same, run in turn so that what else the machine does meets all of them; the best round of each counts.</summary>
internal static class Race
{
    private const int Rounds = 15;

    /// <param name="unit">What is done.</param>
    /// <param name="count">How many of it one call of a way does.</param>
    /// <param name="ways">The first is what the others are compared with.</param>
    public static void Print(string unit, int count, params (string Name, Action Run)[] ways)
    {
        var best = new double[ways.Length];
        Array.Fill(best, double.MaxValue);
        for (var round = 0; round < Rounds; round++)
        {
            for (var i = 0; i < ways.Length; i++)
            {
                var began = Stopwatch.GetTimestamp();
                ways[i].Run();
                best[i] = Math.Min(best[i], Stopwatch.GetElapsedTime(began).TotalMicroseconds / count);
            }
        }

        Console.WriteLine(unit);
        for (var i = 0; i < ways.Length; i++) Console.WriteLine($"  {ways[i].Name,-40} {best[i],7:0.00} µs   ×{best[0] / best[i]:0.00}");
    }
}
