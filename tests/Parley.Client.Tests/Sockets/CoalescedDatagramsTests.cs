using CsCheck;
using Parley.Sockets;

namespace Parley.Client.Tests.Sockets;

public sealed class CoalescedDatagramsTests
{
    [Fact]
    public void All_but_the_last_are_as_long_as_told_and_together_they_are_the_whole() =>
        Gen.Select(Gen.Int[1, 1_500], Gen.Int[1, CoalescedDatagrams.MaxCount], Gen.Int[0, 1_499]).Sample((segment, count, less) =>
        {
            var length = (segment * count) - Math.Min(less, segment - 1);
            var piece = new CoalescedDatagrams(length, segment);
            Assert.Equal(count, piece.Count);
            var next = 0;
            for (var i = 0; i < count; i++)
            {
                var (offset, part) = piece[i];
                Assert.Equal(next, offset);
                Assert.True(i == count - 1 ? part is > 0 && part <= segment : part == segment);
                next += part;
            }

            Assert.Equal(length, next);
        });

    [Fact]
    public void Whatever_length_is_told_no_part_is_outside_and_there_are_not_more_than_fit() =>
        Gen.Select(Gen.Int[0, 65_536], Gen.OneOf(Gen.Int, Gen.Int[-3, 3])).Sample((length, segment) =>
        {
            var piece = new CoalescedDatagrams(length, segment);
            Assert.InRange(piece.Count, 1, CoalescedDatagrams.MaxCount);
            for (var i = 0; i < piece.Count; i++)
            {
                var (offset, part) = piece[i];
                Assert.InRange(offset, 0, length);
                Assert.InRange(part, 0, length - offset);
            }
        });

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 100)]
    [InlineData(100, 0)]
    [InlineData(100, -1)]
    [InlineData(100, 100)]
    [InlineData(100, int.MaxValue)]
    public void What_is_not_several_is_one(int length, int segment)
    {
        var piece = new CoalescedDatagrams(length, segment);
        Assert.Equal((1, (0, length)), (piece.Count, piece[0]));
    }
}
