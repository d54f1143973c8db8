using System.Globalization;
using Parley.Fuzz;

// TARGET                                      one input after another from AFL++
// TARGET --random SECONDS [--seed NUMBER]     the mutated corpus, in this process
// TARGET --file PATH                          one input, to look at a failure
// --list                                      the names of the targets
if (args is ["--list"])
{
    foreach (var target in FuzzTargets.All.Keys) Console.WriteLine(target);
    return 0;
}

if (args is [var name, "--random" or "--file", ..] && FuzzTargets.All.TryGetValue(name, out var run))
{
    switch (args[1..])
    {
        case ["--file", var path]:
            run(File.ReadAllBytes(path));
            return 0;
        case ["--random", var seconds] when TrySeconds(seconds, out var time):
            return RandomRun.Run(name, run, time, Random.Shared.Next());
        case ["--random", var seconds, "--seed", var number]
            when TrySeconds(seconds, out var time) && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var seed):
            return RandomRun.Run(name, run, time, seed);
        default:
            Console.Error.WriteLine("TARGET, TARGET --random SECONDS [--seed NUMBER], TARGET --file PATH, or --list");
            return 2;
    }
}

return FuzzTargets.Run(args);

static bool TrySeconds(string text, out TimeSpan time)
{
    var isNumber = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and <= 86_400;
    time = TimeSpan.FromSeconds(seconds);
    return isNumber;
}
