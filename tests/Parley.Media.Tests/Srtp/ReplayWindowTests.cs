using CsCheck;
using Parley.Media.Srtp;

namespace Parley.Media.Tests.Srtp;

public sealed class ReplayWindowTests
{
    [Fact]
    public void Agrees_with_a_set_of_all_that_was_seen()
    {
        var jumps = Gen.OneOf(Gen.Int[-1200, 5], Gen.Int[-40, 40], Gen.Int[0, 2500]);
        Gen.Select(Gen.Long[0, 3000], Gen.Select(jumps, Gen.Int[1, 200]).Array[1, 30]).Sample((first, runs) =>
        {
            var window = new ReplayWindow();
            var seen = new HashSet<long>();
            var highest = -1L;
            var start = first;
            foreach (var (jump, length) in runs)
            {
                for (var index = start; index < start + length; index++)
                {
                    var expected = Expected(index);
                    Assert.Equal(expected, window.Check(index));
                    if (expected == ReplayVerdict.Fresh)
                    {
                        window.Commit(index);
                        seen.Add(index);
                        highest = Math.Max(highest, index);
                        Assert.Equal(highest, window.Highest);
                    }
                }

                // All of it, and beyond both ends: a window that forgets or invents shows at its edges.
                for (var index = highest - ReplayWindow.Length - 70; index <= highest + 70; index++)
                {
                    Assert.Equal(Expected(index), window.Check(index));
                }

                start = highest + jump;
            }

            ReplayVerdict Expected(long index) =>
                index > highest ? ReplayVerdict.Fresh
                : index < 0 || highest - index >= ReplayWindow.Length ? ReplayVerdict.TooOld
                : seen.Contains(index) ? ReplayVerdict.Replayed : ReplayVerdict.Fresh;
        });
    }
}
