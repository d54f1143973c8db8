using Parley.Media.Mixing;

namespace Parley.Media.Tests.Mixing;

/// <summary>Each person says what a test has them say: so many ticks loud, so many silent.</summary>
public sealed class DominantSpeakerTests : IDisposable
{
    private readonly MixerHarness _meeting = new();

    public void Dispose() => _meeting.Dispose();

    [Fact]
    public void Who_speaks_first_has_the_floor_and_keeps_it_in_silence()
    {
        var ada = _meeting.Join(Tone(300, 0.2));
        _meeting.Run(50);
        Assert.Same(ada.Participant, _meeting.Mixer.DominantSpeaker);

        ada.IsSending = false;
        _meeting.Run(250);
        Assert.Same(ada.Participant, _meeting.Mixer.DominantSpeaker);
    }

    /// <summary>What is only a bang must not move everybody's view, as loud as it may be.</summary>
    [Fact]
    public void Neither_a_bang_nor_a_loud_word_takes_the_floor_from_who_speaks()
    {
        var ada = _meeting.Join(Tone(300, 0.05));
        var ben = _meeting.Join(Tone(500, 0.9));
        ben.IsSending = false;
        _meeting.Run(100);
        Assert.Same(ada.Participant, _meeting.Mixer.DominantSpeaker);

        foreach (var length in (ReadOnlySpan<int>)[3, 8, 20])
        {
            ben.IsSending = true;
            _meeting.Run(length);
            ben.IsSending = false;
            for (var i = 0; i < 60; i++)
            {
                _meeting.Run(1);
                Assert.Same(ada.Participant, _meeting.Mixer.DominantSpeaker);
            }
        }
    }

    [Theory]
    [InlineData(0.03)]
    [InlineData(0.3)]
    public void Who_goes_on_when_the_other_stops_has_it_within_a_second(double loudness)
    {
        var ada = _meeting.Join(Tone(300, 0.2));
        var ben = _meeting.Join(Tone(500, loudness));
        ben.IsSending = false;
        _meeting.Run(100);
        (ada.IsSending, ben.IsSending) = (false, true);
        _meeting.Run(50);
        Assert.Same(ben.Participant, _meeting.Mixer.DominantSpeaker);

        // And back.
        (ada.IsSending, ben.IsSending) = (true, false);
        _meeting.Run(50);
        Assert.Same(ada.Participant, _meeting.Mixer.DominantSpeaker);
    }

    /// <summary>A fan is as loud all the time: it is the room, and no speech.</summary>
    [Fact]
    public void Who_has_the_floor_and_a_noisy_room_loses_it_when_they_stop_speaking()
    {
        var speaks = true;
        var ada = _meeting.Join(tick => Tones.Sine(300, speaks && tick % 40 > 4 ? 0.3 : 0.01, 960, tick * 960));
        var ben = _meeting.Join(Tone(500, 0.2));
        ben.IsSending = false;
        _meeting.Run(200);
        Assert.Same(ada.Participant, _meeting.Mixer.DominantSpeaker);

        speaks = false;
        ben.IsSending = true;
        _meeting.Run(60);
        Assert.Same(ben.Participant, _meeting.Mixer.DominantSpeaker);
    }

    private static Func<long, float[]> Tone(double frequency, double amplitude) => tick => Tones.Sine(frequency, amplitude, 960, tick * 960);
}
