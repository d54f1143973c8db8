using Parley.Fuzz;

namespace Parley.Media.Tests.Fuzz;

/// <summary>What fuzzing knows runs in every test run: each seed, and a fixed round of damaged seeds, through each target.</summary>
public sealed class CorpusTests
{
    private const int Seed = 20_001;
    private const int Mutations = 2_000;

    private static readonly string Root = Path.Combine(AppContext.BaseDirectory, "corpus");

    public static TheoryData<string> Targets => [.. FuzzTargets.All.Keys];

    /// <summary>Target and file, the file relative to the target's folder.</summary>
    public static TheoryData<string, string> Seeds
    {
        get
        {
            var seeds = new TheoryData<string, string>();
            foreach (var folder in Folders())
            {
                foreach (var file in Directory.GetFiles(Path.Combine(Root, folder), "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
                {
                    seeds.Add(folder, Path.GetRelativePath(Path.Combine(Root, folder), file));
                }
            }

            return seeds;
        }
    }

    [Fact]
    public void Every_target_has_a_corpus_and_every_corpus_a_target() => Assert.Equal(FuzzTargets.All.Keys, Folders());

    [Theory]
    [MemberData(nameof(Targets))]
    public void A_corpus_is_not_empty(string target) => Assert.NotEmpty(RandomRun.Corpus(target));

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_seed_does_no_harm(string target, string file)
    {
        Assert.True(FuzzTargets.All.TryGetValue(target, out var run), $"No target is called {target}.");
        run(File.ReadAllBytes(Path.Combine(Root, target, file)));
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public void Damaged_seeds_do_no_harm(string target)
    {
        var run = FuzzTargets.All[target];
        var mutator = new CorpusMutator(Seed, RandomRun.Corpus(target));
        for (var iteration = 0; iteration < Mutations; iteration++)
        {
            var input = mutator.Make(iteration);
            try
            {
                run(input);
            }
            catch (Exception failure)
            {
                Assert.Fail($"{target}, seed {Seed}, iteration {iteration}: {Convert.ToBase64String(input)}\n{failure}");
            }
        }
    }

    private static IEnumerable<string> Folders() =>
        Directory.Exists(Root) ? Directory.GetDirectories(Root).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal) : [];
}
