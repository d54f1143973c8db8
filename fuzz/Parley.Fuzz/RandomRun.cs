using System.Diagnostics;
using System.Globalization;

namespace Parley.Fuzz;

/// <summary>Fuzzing without AFL++: a mutated corpus in this process, until time is up or a target throws.</summary>
public static class RandomRun
{
    /// <summary>An input that takes longer than this is a failure too: a parser must not be slow on purpose.</summary>
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(5);

    /// <summary>The seeds of a target, in the order of their names.</summary>
    public static IReadOnlyList<byte[]> Corpus(string target)
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "corpus", target);
        return Directory.Exists(folder)
            ? [.. Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)]
            : [];
    }

    /// <summary>Runs for a while. 0 when nothing failed; 1 after saying how to see the failure again.</summary>
    public static int Run(string name, FuzzTargets.Target target, TimeSpan time, int seed)
    {
        var mutator = new CorpusMutator(seed, Corpus(name));
        var clock = Stopwatch.StartNew();
        var iteration = 0;
        for (; clock.Elapsed < time; iteration++)
        {
            var input = mutator.Make(iteration);
            var started = clock.Elapsed;
            try
            {
                target(input);
            }
#pragma warning disable CA1031 // Whatever escapes a parser is what we look for.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                return Report(name, seed, iteration, input, failure.ToString());
            }

            if (clock.Elapsed - started > Slow) return Report(name, seed, iteration, input, "The input took longer than 5 s.");
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: {iteration} inputs in {clock.Elapsed.TotalSeconds:F0} s, seed {seed}, nothing failed"));
        return 0;
    }

    private static int Report(string name, int seed, int iteration, byte[] input, string why)
    {
        var file = Path.GetFullPath(string.Create(CultureInfo.InvariantCulture, $"{name}-{seed}-{iteration}.crash"));
        File.WriteAllBytes(file, input);
        Console.Error.WriteLine(why);
        Console.Error.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name} failed: seed {seed}, iteration {iteration}, {input.Length} bytes. Again: fuzz/run {name} --file {file}"));
        return 1;
    }
}
