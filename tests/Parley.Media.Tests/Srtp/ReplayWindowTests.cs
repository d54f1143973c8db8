using CsCheck;
using Parley.Media.Srtp;

namespace Parley.Media.Tests.Srtp;

public sealed class ReplayWindowTests
{
    [Fact]
    public void Agrees_with_a_set_of_all_that_was_seen() =>
        Gen.Select(Gen.Long[0, 3000], Gen.OneOf(Gen.Int[-1200, 5], Gen.Int[-40, 40], Gen.Int[0, 2500]).Array[1, 300])
            .Sample((first, steps) =>
            {
                var window = new ReplayWindow();
                var seen = new HashSet<long>();
                var highest = -1L;
                var index = first;
                foreach (var step in steps)
                {
                    var expected = index > highest ? ReplayVerdict.Fresh
                        : index < 0 || highest - index >= ReplayWindow.Length ? ReplayVerdict.TooOld
                        : seen.Contains(index) ? ReplayVerdict.Replayed : ReplayVerdict.Fresh;
                    Assert.Equal(expected, window.Check(index));
                    if (expected == ReplayVerdict.Fresh)
                    {
                        window.Commit(index);
                        seen.Add(index);
                        highest = Math.Max(highest, index);
                    }

                    Assert.Equal(highest, window.Highest);
                    index = highest + step;
                }
            });
}
