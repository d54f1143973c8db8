using CsCheck;
using Parley.Media.Mixing;

namespace Parley.Media.Tests.Mixing;

public sealed class MixEncodingsTests
{
    [Fact]
    public void Whatever_people_do_each_hears_one_encoding_and_it_is_counted_right()
    {
        // Who, what they do, and with what.
        Gen.Select(Gen.Int[0, 5], Gen.Int[0, 3], Gen.Int[0, 30]).Array[20, 120].Sample(
            steps =>
            {
                using var encodings = new MixEncodings(new OpusEncoderOptions());
                var listeners = new AudioListener?[6];
                var speaking = new bool[6];
                foreach (var (who, what, value) in steps)
                {
                    switch (what)
                    {
                        case 0 when listeners[who] is { } leaving:
                            encodings.Remove(leaving);
                            (listeners[who], speaking[who]) = (null, false);
                            break;

                        case 0:
                            listeners[who] = encodings.Add();
                            break;

                        case 1:
                            speaking[who] = !speaking[who];
                            break;

                        case 2:
                            listeners[who]?.ReportLoss(value);
                            break;

                        default:
                            for (var tick = 0; tick < value * 10; tick++) Follow(encodings, listeners, speaking, isQuiet: value > 15);
                            break;
                    }

                    Follow(encodings, listeners, speaking, isQuiet: value > 15);
                    Check(encodings, listeners, speaking);
                }

                foreach (var listener in listeners)
                {
                    if (listener is not null) encodings.Remove(listener);
                }

                foreach (var shared in encodings.Shared) Assert.Null(shared);
            },
            iter: 200);
    }

    [Theory]
    [InlineData(0, 1, 0)]
    [InlineData(0, 2, 1)]
    [InlineData(0, 100, 2)]
    [InlineData(1, 1, 1)]
    [InlineData(1, 0, 0)]
    [InlineData(1, 14, 1)]
    [InlineData(1, 15, 2)]
    [InlineData(2, 8, 2)]
    [InlineData(2, 7, 1)]
    [InlineData(2, 0, 0)]
    public void A_class_of_loss_is_left_when_the_loss_is_clearly_over(int current, int percent, int next) =>
        Assert.Equal((LossClass)next, ((LossClass)current).At(percent));

    private static void Follow(MixEncodings encodings, AudioListener?[] listeners, bool[] speaking, bool isQuiet)
    {
        for (var i = 0; i < listeners.Length; i++)
        {
            if (listeners[i] is { } listener) encodings.Follow(listener, speaking[i], isQuiet);
        }
    }

    private static void Check(MixEncodings encodings, AudioListener?[] listeners, bool[] speaking)
    {
        for (var i = 0; i < listeners.Length; i++)
        {
            if (listeners[i] is not { } listener) continue;
            Assert.True(listener.IsPrivate || !speaking[i], "who speaks hears what others hear");
            Assert.Equal(listeners.Count(other => other?.Encoding == listener.Encoding), listener.Encoding.Listeners);
            if (listener.IsPrivate) Assert.Equal(1, listener.Encoding.Listeners);
            else Assert.Same(encodings.Shared[(int)listener.Encoding.Loss], listener.Encoding);
        }

        foreach (var shared in encodings.Shared)
        {
            if (shared is not null) Assert.Contains(listeners, listener => listener is { IsPrivate: false } && listener.Encoding == shared);
        }
    }
}
