using Parley.Media.Mixing;

namespace Parley.Media.Tests.Mixing;

public sealed class VoiceVolumesTests : IDisposable
{
    private readonly MixerHarness _meeting = new();
    private readonly MixerHarness.Client _ada, _ben, _cleo, _dora;

    public VoiceVolumesTests()
    {
        _ada = _meeting.Join(Voice(440));
        _ben = _meeting.Join(Voice(1_000));
        (_cleo, _dora) = (_meeting.Join(Voice(0)), _meeting.Join(Voice(0)));
        _cleo.IsSending = _dora.IsSending = false;
    }

    public void Dispose() => _meeting.Dispose();

    [Theory]
    [InlineData(0.25, -12)]
    [InlineData(2, 6)]
    public void One_listener_hears_one_other_softer_or_louder_and_nobody_else_does(float gain, double change)
    {
        Assert.True(_meeting.Mixer.SetVolume(_cleo.Participant, _ada.Participant, gain));
        _meeting.Run(100);
        var usual = Level(_dora, 440);
        Assert.Equal(change, Level(_cleo, 440) - usual, 1.0);
        Assert.Equal(0, Level(_cleo, 1_000) - Level(_dora, 1_000), 1.0);
        Assert.Equal(0, Level(_ben, 440) - usual, 1.0);
    }

    [Fact]
    public void Who_is_turned_off_is_not_heard_by_that_one_and_is_again_when_turned_on()
    {
        _meeting.Mixer.SetVolume(_cleo.Participant, _ada.Participant, 0);
        _meeting.Run(100);
        Assert.InRange(Level(_cleo, 440), -300, -70);
        Assert.InRange(Level(_dora, 440), -20, 0);

        _meeting.Mixer.SetVolume(_cleo.Participant, _ada.Participant, 1);
        _meeting.Run(100);
        Assert.Equal(Level(_dora, 440), Level(_cleo, 440), 1.0);
    }

    /// <summary>Who hears nobody but the one turned off hears silence, and is sent none.</summary>
    [Fact]
    public void A_mix_of_nobody_is_silence()
    {
        _ben.IsSending = false;
        _meeting.Mixer.SetVolume(_cleo.Participant, _ada.Participant, 0);
        _meeting.Run(150);
        Assert.InRange(Level(_cleo, 440), -300, -90);
        Assert.All(_cleo.Sent.TakeLast(50), sent => Assert.InRange(sent, -1, 1));
        Assert.InRange(Level(_dora, 440), -20, 0);
    }

    /// <summary>An encode of one's own costs time: only while there is something to hear otherwise.</summary>
    [Fact]
    public void It_takes_an_encode_more_only_while_that_one_is_heard()
    {
        _ben.IsSending = false;
        _meeting.Mixer.SetVolume(_cleo.Participant, _ada.Participant, 0.5f);
        _meeting.Run(100);
        var before = _meeting.Mixer.FramesEncoded;
        _meeting.Run(100);
        Assert.Equal(200, _meeting.Mixer.FramesEncoded - before);

        (_ada.IsSending, _ben.IsSending) = (false, true);
        _meeting.Run(2_000);
        before = _meeting.Mixer.FramesEncoded;
        _meeting.Run(100);
        Assert.Equal(100, _meeting.Mixer.FramesEncoded - before);
        Assert.Equal(Level(_dora, 1_000), Level(_cleo, 1_000), 0.1);
    }

    /// <summary>A change within a voice is a ramp: no step from one sample to the next is larger than the tone's own, and a little of the codec's.</summary>
    [Fact]
    public void A_change_does_not_click()
    {
        _ben.IsSending = false;
        _meeting.Run(100);
        var usual = Tones.MaxStep(_cleo.LastSeconds(1));
        var from = _cleo.Heard.Count;
        for (var i = 0; i < 40; i++)
        {
            _meeting.Mixer.SetVolume(_cleo.Participant, _ada.Participant, i % 2 == 0 ? 0 : 1);
            _meeting.Run(5);
        }

        Assert.InRange(Tones.MaxStep(_cleo.Heard.ToArray().AsSpan(from)), 0, usual * 1.5);
    }

    [Fact]
    public void There_is_a_most_and_who_leaves_makes_room()
    {
        var others = Enumerable.Range(0, VoiceVolumes.Most).Select(_ => _meeting.Join(Voice(0))).ToList();
        foreach (var other in others) Assert.True(_meeting.Mixer.SetVolume(_cleo.Participant, other.Participant, 0.5f));
        Assert.False(_meeting.Mixer.SetVolume(_cleo.Participant, _ada.Participant, 0.5f));
        _meeting.Leave(others[0]);
        Assert.True(_meeting.Mixer.SetVolume(_cleo.Participant, _ada.Participant, 0.5f));
        Assert.Throws<ArgumentOutOfRangeException>(() => _meeting.Mixer.SetVolume(_cleo.Participant, _ada.Participant, 2.1f));
        Assert.Throws<ArgumentOutOfRangeException>(() => _meeting.Mixer.SetVolume(_cleo.Participant, _ada.Participant, float.NaN));
        others[0].Dispose();
    }

    private static Func<long, float[]> Voice(double frequency) => tick => Tones.Sine(frequency, 0.2, 960, tick * 960);

    private static double Level(MixerHarness.Client client, double frequency) => Tones.LevelDb(client.LastSeconds(0.5), frequency);
}
