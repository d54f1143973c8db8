using Parley.Media.Mixing;

namespace Parley.Media.Tests.Mixing;

/// <summary>
/// Who begins to speak goes from the shared encode to a private one, and back after a while. What they hear is compared, sample by
/// sample, with a decoder that heard one continuous encode.
/// </summary>
public sealed class MixPassageTests
{
    private const double MostOfAStep = -60;

    [Theory]
    [InlineData(0f)]
    [InlineData(0.0003f)]
    [InlineData(0.003f)]
    [InlineData(0.01f)]
    public void A_listener_who_becomes_a_speaker_and_back_hears_no_step(float background)
    {
        // The guest of the second meeting never speaks, and so hears one encode from beginning to end.
        var voice = Voice(Sentences(900, background));
        using var meeting = new MixerHarness();
        using var reference = new MixerHarness();
        var guest = Join(meeting, voice);
        var continuous = Join(reference, voice);
        Run(200);
        Assert.False(guest.Participant.Listener.IsPrivate);
        Assert.Equal(continuous.Heard, guest.Heard);

        guest.IsSending = true;
        var from = UntilPrivate(true);
        Run(5);
        AssertNoStep(continuous, guest, from - 960);

        Run(100);
        guest.IsSending = false;
        var silent = meeting.Clients[2];
        from = UntilPrivate(false);
        Run(25);
        Assert.InRange(from, 0, 700 * 960);
        AssertNoStep(silent, guest, from - 960);
        Assert.Equal(silent.Sent[^20..], guest.Sent[^20..]);

        void Run(int ticks)
        {
            meeting.Run(ticks);
            reference.Run(ticks);
        }

        int UntilPrivate(bool isPrivate)
        {
            for (var i = 0; guest.Participant.Listener.IsPrivate != isPrivate; i++)
            {
                Assert.True(i < 400, "the passage was never made");
                Run(1);
            }

            return guest.Heard.Count;
        }
    }

    [Fact]
    public void Without_a_pause_encodes_with_FEC_do_not_fall_into_step_and_the_way_back_is_taken_after_30_seconds()
    {
        using var meeting = new MixerHarness();
        var guest = Join(meeting, Voice(Tones.Speech(2_000 * 960)));
        foreach (var client in meeting.Clients) client.Participant.ReportLoss(5);
        meeting.Run(200);
        guest.IsSending = true;
        meeting.Run(100);
        guest.IsSending = false;
        meeting.Run(1_450);
        Assert.True(guest.Participant.Listener.IsPrivate);

        meeting.Run(100);
        Assert.False(guest.Participant.Listener.IsPrivate);
    }

    [Fact]
    public void Without_loss_encodes_fall_into_step_within_speech_too()
    {
        using var meeting = new MixerHarness();
        var guest = Join(meeting, Voice(Tones.Speech(600 * 960)));
        var silent = meeting.Clients[2];
        guest.IsSending = true;
        meeting.Run(100);
        guest.IsSending = false;
        meeting.Run(MixEncodings.HoldFrames);
        Assert.True(guest.Participant.Listener.IsPrivate);

        for (var i = 0; i < 150 && guest.Participant.Listener.IsPrivate; i++) meeting.Run(1);
        Assert.False(guest.Participant.Listener.IsPrivate);
        var from = guest.Heard.Count - 960;
        meeting.Run(25);
        AssertNoStep(silent, guest, from);
    }

    [Fact]
    public void All_who_are_silent_get_the_packets_of_one_encode_and_a_lone_speaker_none()
    {
        using var meeting = new MixerHarness();
        var speaker = meeting.Join(Voice(Tones.Speech(450 * 960)));
        for (var i = 0; i < 20; i++) meeting.Join(_ => new float[960]).IsSending = false;
        meeting.Run(200);
        var encoded = meeting.Mixer.FramesEncoded;

        meeting.Run(200);

        Assert.Equal(200, meeting.Mixer.FramesEncoded - encoded);
        Assert.All(meeting.Clients[2..], listener => Assert.Equal(meeting.Clients[1].Heard, listener.Heard));
        Assert.All(speaker.Sent[^200..], size => Assert.Equal(-1, size));
    }

    [Fact]
    public void Each_who_speaks_with_others_costs_one_encode_more()
    {
        using var meeting = new MixerHarness();
        for (var i = 0; i < 3; i++) meeting.Join(Voice(Tones.Speech(200 * 960, 0.1 + (0.1 * i))));
        for (var i = 0; i < 20; i++) meeting.Join(_ => new float[960]).IsSending = false;
        meeting.Run(50);
        var encoded = meeting.Mixer.FramesEncoded;

        meeting.Run(100);

        Assert.Equal(400, meeting.Mixer.FramesEncoded - encoded);
    }

    [Fact]
    public void Who_loses_packets_shares_an_encode_with_FEC_and_the_others_pay_nothing_for_it()
    {
        using var meeting = new MixerHarness();
        var clean = Join(meeting, Voice(Sentences(500, 0.0003f)));
        var (lossy, lossyToo) = (meeting.Clients[2], meeting.Join(_ => new float[960]));
        lossyToo.IsSending = false;
        meeting.Run(100);
        Assert.Same(clean.Participant.Listener.Encoding, lossy.Participant.Listener.Encoding);

        lossy.Participant.ReportLoss(8);
        lossyToo.Participant.ReportLoss(12);
        meeting.Run(200);
        Assert.Same(lossy.Participant.Listener.Encoding, lossyToo.Participant.Listener.Encoding);
        Assert.NotSame(clean.Participant.Listener.Encoding, lossy.Participant.Listener.Encoding);
        Assert.Equal(LossClass.Some, lossy.Participant.Listener.Encoding.Loss);
        Assert.True(CarriesFec(lossy));
        Assert.False(CarriesFec(clean));

        lossy.Participant.ReportLoss(0);
        lossyToo.Participant.ReportLoss(0);
        meeting.Run(130);
        Assert.Same(clean.Participant.Listener.Encoding, lossy.Participant.Listener.Encoding);
        Assert.Same(clean.Participant.Listener.Encoding, lossyToo.Participant.Listener.Encoding);

        bool CarriesFec(MixerHarness.Client listener)
        {
            var found = false;
            for (var i = 0; i < 25; i++)
            {
                meeting.Run(1);
                found |= OpusPacket.TryParse(listener.Participant.Listener.Encoding.Packet, out var packet) && packet.HasFec;
            }

            return found;
        }
    }

    [Fact]
    public void Where_time_is_short_encodes_are_of_CELT_alone_and_with_FEC_again_after()
    {
        using var meeting = new MixerHarness();
        var guest = Join(meeting, Voice(Tones.Speech(400 * 960)));
        foreach (var client in meeting.Clients) client.Participant.ReportLoss(10);
        meeting.Run(200);
        Assert.NotEqual(OpusMode.Celt, Mode());

        meeting.Mixer.SavesTime = true;
        meeting.Run(5);
        Assert.Equal(OpusMode.Celt, Mode());
        meeting.Run(50);
        Assert.InRange(Tones.MaxStep(guest.LastSeconds(1.1)), 0, 1.5 * Tones.MaxStep(Tones.Speech(400 * 960)));

        meeting.Mixer.SavesTime = false;
        meeting.Run(5);
        Assert.NotEqual(OpusMode.Celt, Mode());

        OpusMode Mode() => OpusPacket.TryParse(guest.Participant.Listener.Encoding.Packet, out var packet) ? packet.Mode : throw new InvalidOperationException();
    }

    /// <summary>One who speaks, a guest with a tone, and one who is always silent.</summary>
    private static MixerHarness.Client Join(MixerHarness meeting, Func<long, float[]> voice)
    {
        meeting.Join(voice);
        var guest = meeting.Join(tick => Tones.Sine(440, 0.2, 960, tick * 960));
        guest.IsSending = false;
        meeting.Join(_ => new float[960]).IsSending = false;
        return guest;
    }

    private static void AssertNoStep(MixerHarness.Client expected, MixerHarness.Client actual, int from)
    {
        var difference = new float[actual.Heard.Count - from + 1];
        difference[0] = actual.Heard[from - 1] - expected.Heard[from - 1];
        for (var i = 1; i < difference.Length; i++) difference[i] = actual.Heard[from + i - 1] - expected.Heard[from + i - 1];
        var (step, most) = (Decibels(Tones.MaxStep(difference)), Decibels(difference.Max(MathF.Abs)));
        TestContext.Current.TestOutputHelper?.WriteLine($"from {from / 48_000.0:F2} s: largest step {step:F1} dBFS, largest difference {most:F1} dBFS");
        Assert.InRange(step, -400, MostOfAStep);
        Assert.InRange(most, -400, MostOfAStep);
    }

    private static double Decibels(double amplitude) => 20 * Math.Log10(Math.Max(1e-12, amplitude));

    private static Func<long, float[]> Voice(float[] samples) => tick => samples[(int)(tick * 960)..(int)((tick + 1) * 960)];

    /// <summary>Speech with a pause of 0.4 s in each 1.2 s, over some noise.</summary>
    private static float[] Sentences(int frames, float background)
    {
        var random = new Random(1);
        var speech = Tones.Speech(frames * 960);
        for (var i = 0; i < speech.Length; i++)
        {
            if (i / 960 % 60 >= 40) speech[i] = 0;
            speech[i] += background * (random.NextSingle() - 0.5f);
        }

        return speech;
    }
}
