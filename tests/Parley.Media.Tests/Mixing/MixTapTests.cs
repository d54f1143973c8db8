using Parley.Media.Mixing;

namespace Parley.Media.Tests.Mixing;

public sealed class MixTapTests : IMixTap, IDisposable
{
    private readonly MixerHarness _meeting = new();
    private readonly List<TimeSpan> _ticks = [];
    private readonly List<float> _samples = [];

    void IMixTap.OnMix(TimeSpan tick, ReadOnlySpan<float> samples)
    {
        _ticks.Add(tick);
        _samples.AddRange(samples);
    }

    public void Dispose() => _meeting.Dispose();

    [Fact]
    public void It_is_given_every_voice_also_where_no_listener_hears_all()
    {
        _meeting.Join(tick => Tones.Sine(440, 0.3, 960, tick * 960));
        _meeting.Join(tick => Tones.Sine(1_000, 0.1, 960, tick * 960));
        _meeting.Mixer.Tap = this;
        _meeting.Run(100);
        var last = _samples.ToArray().AsSpan()[^24_000..];
        Assert.Equal(20 * Math.Log10(0.3), Tones.LevelDb(last, 440), 1.0);
        Assert.Equal(20 * Math.Log10(0.1), Tones.LevelDb(last, 1_000), 1.0);
        Assert.Equal(960 * _ticks.Count, _samples.Count);
        for (var i = 1; i < _ticks.Count; i++) Assert.Equal(AudioFormat.Tick, _ticks[i] - _ticks[i - 1]);

        _meeting.Mixer.Tap = null;
        var given = _ticks.Count;
        _meeting.Run(10);
        Assert.Equal(given, _ticks.Count);
    }

    [Fact]
    public void It_stays_within_full_scale_however_many_shout()
    {
        for (var i = 0; i < 6; i++)
        {
            var frequency = 200 + 70 * i;
            _meeting.Join(tick => Tones.Sine(frequency, 0.9, 960, tick * 960));
        }

        _meeting.Mixer.Tap = this;
        _meeting.Run(50);
        Assert.InRange(_samples.Max(MathF.Abs), 0.7f, 1f);
    }

    [Fact]
    public void Silence_between_voices_shows_in_the_times_alone()
    {
        var voice = _meeting.Join(tick => Tones.Sine(440, 0.3, 960, tick * 960));
        _meeting.Join(_ => new float[960]).IsSending = false;
        _meeting.Mixer.Tap = this;
        _meeting.Run(50);
        voice.IsSending = false;
        _meeting.Run(100);
        voice.IsSending = true;
        _meeting.Run(50);
        Assert.Contains(_ticks.Zip(_ticks.Skip(1), (one, next) => next - one), gap => gap > TimeSpan.FromSeconds(1.5));
    }
}
