using Parley.Media.Mixing;

namespace Parley.Media.Tests.Mixing;

/// <summary>One voice as the mix gets it, before an encoder smooths it.</summary>
public sealed class AudioSourceTests
{
    [Fact]
    public void Mute_and_unmute_do_not_click()
    {
        // The listener's mix itself, before an encoder smooths it.
        using var source = new SourceHarness(Voice(440, 0.5));
        var samples = new List<float>();
        for (var tick = 0; tick < 150; tick++) samples.AddRange(source.Read(isOpen: tick is < 50 or >= 100));

        var heard = samples.ToArray();
        var steepest = 0.5 * 2 * Math.PI * 440 / 48_000;
        Assert.InRange(Tones.MaxStep(heard), steepest * 0.8, steepest * 2); // The codec's own onset is above 1.
        Assert.InRange(Tones.MaxStep([.. heard.AsSpan(40 * 960, 5_013), .. new float[960]]), steepest * 4, 1); // A click is seen.
        Assert.All(heard[(51 * 960)..(100 * 960)], sample => Assert.Equal(0f, sample));
        Assert.InRange(Tones.LevelDb(heard.AsSpan(110 * 960), 440), -8, -5);
    }

    [Fact]
    public void Join_leave_and_a_stream_that_stops_do_not_click()
    {
        using var source = new SourceHarness(Voice(440, 0.5));
        var samples = new List<float>();
        for (var tick = 0; tick < 100; tick++)
        {
            source.IsSending = tick < 50;
            samples.AddRange(source.Read(isOpen: true));
        }

        var steepest = 0.5 * 2 * Math.PI * 440 / 48_000;
        Assert.InRange(Tones.MaxStep(samples.ToArray()), steepest * 0.8, steepest * 2);
        Assert.All(samples[^9_600..], sample => Assert.Equal(0f, sample));
    }

    [Theory]
    [InlineData(480)]
    [InlineData(1_920)]
    [InlineData(2_880)]
    public void Packets_of_10_40_and_60_ms_make_an_unbroken_voice(int samples)
    {
        var inbox = new AudioInbox();
        using var source = new AudioSource(inbox, new JitterBufferOptions());
        using var encoder = new OpusEncoder(new OpusEncoderOptions());
        var packet = new byte[AudioFormat.MaxPacketBytes];
        var heard = new List<float>();
        var sent = 0;
        for (var tick = 0; tick < 150; tick++)
        {
            for (; (sent + 1) * samples <= tick * 960; sent++)
            {
                // A packet leaves when its last sample was spoken.
                var written = encoder.Encode(Tones.Sine(440, 0.5, samples, sent * samples), packet);
                var arrival = TimeSpan.FromSeconds((sent + 1) * samples / 48_000.0);
                Assert.True(inbox.TryWrite(sent, sent * samples, arrival, packet.AsSpan(0, written)));
            }

            source.Read(AudioFormat.Tick * tick, isOpen: true);
            heard.AddRange(source.Frame?.ToArray() ?? new float[960]);
        }

        Assert.Equal(0, source.FramesConcealed);
        Assert.Equal(0, source.Jitter.Statistics.Lost + source.Jitter.Statistics.Late);
        Assert.InRange(Tones.LevelDb(heard.ToArray().AsSpan(^48_000..), 440), -7, -5);
        Assert.InRange(Tones.MaxStep(heard.ToArray().AsSpan(^48_000..)), 0, 0.5 * 2 * Math.PI * 440 / 48_000 * 1.3);
    }

    [Fact]
    public void What_is_cut_out_after_a_standstill_is_spliced_without_a_click()
    {
        using var source = new SourceHarness(Voice(440, 0.5)) { Delay = tick => tick is >= 60 and < 100 ? 100 : tick };
        var samples = new List<float>();
        for (var tick = 0; tick < 200; tick++) samples.AddRange(source.Read(isOpen: true));

        Assert.InRange(source.Dropped, 25, 60);
        Assert.InRange(Tones.MaxStep(samples.ToArray()), 0, 0.5 * 2 * Math.PI * 440 / 48_000 * 2.5);
    }

    private static Func<long, float[]> Voice(double frequency, double amplitude) =>
        tick => Tones.Sine(frequency, amplitude, 960, tick * 960);

    private sealed class SourceHarness(Func<long, float[]> voice) : IDisposable
    {
        private readonly MixerHarness.Client _client = new(voice, new OpusEncoderOptions());
        private AudioSource? _source;
        private long _tick;

        private long _spoken;

        public bool IsSending { get; set; } = true;

        /// <summary>The tick in which the packet of a tick arrives.</summary>
        public Func<long, long> Delay { get; set; } = tick => tick;

        public long Dropped => _source!.Jitter.Statistics.Dropped;

        public float[] Read(bool isOpen)
        {
            _source ??= new AudioSource(_client.Inbox, new JitterBufferOptions());
            _client.IsSending = IsSending;
            for (; _spoken <= _tick && Delay(_spoken) <= _tick; _spoken++) _client.Speak(_spoken, AudioFormat.Tick * _tick);
            _source.Read(AudioFormat.Tick * _tick++, isOpen);
            return _source.Frame?.ToArray() ?? new float[960];
        }

        public void Dispose()
        {
            _source?.Dispose();
            _client.Dispose();
        }
    }
}
