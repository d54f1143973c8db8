using CsCheck;
using Parley.Media.Rtp;

namespace Parley.Media.Tests.Rtp;

public sealed class SequenceNumbersTests
{
    [Theory]
    [InlineData(1, 0, true)]
    [InlineData(0, 1, false)]
    [InlineData(0, 65535, true)]
    [InlineData(65535, 0, false)]
    [InlineData(7, 7, false)]
    [InlineData(32767, 0, true)]
    [InlineData(32768, 0, true)]
    [InlineData(0, 32768, false)]
    public void Compares_across_the_wrap(ushort a, ushort b, bool isNewer) => Assert.Equal(isNewer, SequenceNumbers.IsNewer(a, b));

    [Fact]
    public void Of_two_different_numbers_exactly_one_is_newer()
    {
        Gen.Select(Gen.UShort, Gen.UShort).Sample((a, b) =>
            Assert.Equal(a != b, SequenceNumbers.IsNewer(a, b) ^ SequenceNumbers.IsNewer(b, a)));
        Gen.Select(Gen.UInt, Gen.UInt).Sample((a, b) =>
            Assert.Equal(a != b, SequenceNumbers.IsNewerTimestamp(a, b) ^ SequenceNumbers.IsNewerTimestamp(b, a)));
        Assert.True(SequenceNumbers.IsNewerTimestamp(0x80000000, 0) ^ SequenceNumbers.IsNewerTimestamp(0, 0x80000000));
    }

    [Fact]
    public void Unwraps_what_a_64_bit_counter_would_have_said()
    {
        // A counter that walks ahead, with packets delivered up to 2,000 late, over several wraps.
        Gen.Select(Gen.UShort, Gen.Select(Gen.Int[1, 5000], Gen.Int[0, 2000]).Array[1, 200]).Sample((first, steps) =>
        {
            var unwrapper = new SequenceUnwrapper();
            var truth = 65536L + first;
            Assert.Equal(truth, unwrapper.Unwrap((ushort)truth));
            foreach (var (ahead, late) in steps)
            {
                truth += ahead;
                Assert.Equal(truth, unwrapper.Unwrap((ushort)truth));
                Assert.Equal(truth - late, unwrapper.Peek((ushort)(truth - late)));
                Assert.Equal(truth - late, unwrapper.Unwrap((ushort)(truth - late)));
                Assert.Equal(truth, unwrapper.Highest);
            }
        });
    }

    [Fact]
    public void What_is_older_than_the_first_stays_positive()
    {
        Gen.UShort.Array[1, 100].Sample(numbers =>
        {
            var unwrapper = new SequenceUnwrapper();
            Assert.All(numbers, number => Assert.True(unwrapper.Unwrap(number) >= 0));
        });
    }

    [Fact]
    public void Starts_in_the_cycle_it_is_given()
    {
        Assert.Equal(5, new SequenceUnwrapper(0).Peek(5));
        Assert.Equal((3L << 16) + 5, new SequenceUnwrapper(3).Peek(5));
        Assert.Equal((1L << 32) + 5, new TimestampUnwrapper().Peek(5));
    }

    [Fact]
    public void Unwraps_timestamps_across_wraps_and_backwards()
    {
        Gen.Select(Gen.UInt, Gen.Select(Gen.UInt[0, 0x7FFFFFFF], Gen.UInt[0, 0x7FFFFFFF]).Array[1, 100]).Sample((first, steps) =>
        {
            var unwrapper = new TimestampUnwrapper();
            var truth = (1L << 32) + first;
            Assert.Equal(truth, unwrapper.Unwrap((uint)truth));
            foreach (var (ahead, late) in steps)
            {
                truth += ahead;
                Assert.Equal(truth, unwrapper.Unwrap((uint)truth));
                Assert.Equal(truth - late, unwrapper.Unwrap((uint)(truth - late)));
            }
        });
    }
}
