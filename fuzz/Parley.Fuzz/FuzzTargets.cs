using System.Runtime.InteropServices;
using SharpFuzz;

namespace Parley.Fuzz;

/// <summary>
/// One fuzz target for each parser of network bytes. A target throws only when the parser broke a promise: an exception
/// escaped it, it read past the end, or what it parsed does not write back. `fuzz/run TARGET` starts one under AFL++;
/// the seed corpora in `fuzz/corpus/TARGET` also run inside `./test unit`.
/// </summary>
public static partial class FuzzTargets
{
    /// <summary>A target reads one input.</summary>
    public delegate void Target(ReadOnlySpan<byte> input);

    /// <summary>Every target by the name of its corpus folder. Each protocol adds its own in a file of its own.</summary>
    public static SortedDictionary<string, Target> All => Table.Targets;

    /// <summary>Runs the named target under AFL++ (input from standard input).</summary>
    public static int Run(string[] args)
    {
        if (args.Length != 1 || !All.TryGetValue(args[0], out var target))
        {
            Console.Error.WriteLine($"Name one target: {string.Join(", ", All.Keys)}");
            return 2;
        }

        Fuzzer.OutOfProcess.Run(stream =>
        {
            using var copy = new MemoryStream();
            stream.CopyTo(copy);
            target(copy.GetBuffer().AsSpan(0, (int)copy.Length));
        });
        return 0;
    }

    /// <summary>
    /// A class of its own, so that registering a target does not run the initializers of all targets' static fields. They
    /// call the engine, and its instrumented code counts branches in memory that must be there first: AFL++ brings its own
    /// when <see cref="Run"/> begins, until then it is ours.
    /// </summary>
    private static unsafe class Table
    {
        private const int MapSize = 1 << 16;

        public static readonly SortedDictionary<string, Target> Targets = Create();

        private static SortedDictionary<string, Target> Create()
        {
            if (SharpFuzz.Common.Trace.SharedMem is null)
            {
                SharpFuzz.Common.Trace.SharedMem = (byte*)NativeMemory.AllocZeroed(MapSize);
            }

            return new SortedDictionary<string, Target>(StringComparer.Ordinal);
        }
    }
}
