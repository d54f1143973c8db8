using Parley.Fuzz;

namespace Parley.Media.Tests.Fuzz;

public sealed class CorpusMutatorTests
{
    private static readonly byte[][] Corpus = [[1, 2, 3, 4, 5, 6, 7, 8], [9, 10, 11, 12], []];

    [Fact]
    public void An_iteration_is_the_same_whatever_came_before_it()
    {
        var all = new CorpusMutator(5, Corpus);
        var inputs = Enumerable.Range(0, 50).Select(all.Make).ToList();

        Assert.Equal(inputs[37], new CorpusMutator(5, Corpus).Make(37));
        Assert.NotEqual(inputs, Enumerable.Range(0, 50).Select(new CorpusMutator(6, Corpus).Make));
    }

    [Fact]
    public void Inputs_differ_and_leave_the_corpus_alone()
    {
        var mutator = new CorpusMutator(5, Corpus);
        var distinct = Enumerable.Range(0, 500).Select(i => Convert.ToHexString(mutator.Make(i))).Distinct().Count();

        Assert.InRange(distinct, 350, 500);
        Assert.Equal<byte>([1, 2, 3, 4, 5, 6, 7, 8], Corpus[0]);
    }

    [Fact]
    public void Inputs_stay_small_and_an_empty_corpus_is_enough()
    {
        var large = new CorpusMutator(5, [new byte[64 * 1024]]);
        Assert.All(Enumerable.Range(0, 100), i => Assert.InRange(large.Make(i).Length, 0, 64 * 1024));
        Assert.Contains(Enumerable.Range(0, 100), i => new CorpusMutator(5, []).Make(i).Length > 0);
    }
}
