using CsCheck;
using Parley.Media.Mixing;

namespace Parley.Media.Tests.Mixing;

public sealed class AudioMixerTests
{
    private static readonly Func<long, float[]> Silence = _ => new float[960];

    [Fact]
    public void A_muted_voice_is_not_heard_nor_said_to_speak_and_comes_back()
    {
        using var meeting = new MixerHarness();
        var speaker = meeting.Join(Voice(440, 0.2));
        var listener = meeting.Join(Silence);
        meeting.Run(100);
        Assert.InRange(Tones.LevelDb(listener.LastSeconds(1), 440), -20, -10);
        Assert.True(speaker.Participant.IsSpeaking);
        Assert.InRange(speaker.Participant.Level, -20, -14);

        speaker.Participant.Muted = true;
        meeting.Run(100);
        Assert.InRange(Tones.LevelDb(listener.LastSeconds(0.5), 440), -300, -80); // No comfort noise in its likeness either.
        Assert.False(speaker.Participant.IsSpeaking);
        Assert.Equal(-127, speaker.Participant.Level);
        Assert.Equal(0, speaker.Participant.Statistics.InboxOverflows);

        speaker.Participant.Muted = false;
        meeting.Run(100);
        Assert.InRange(Tones.LevelDb(listener.LastSeconds(1), 440), -20, -10);
    }

    [Fact]
    public void Silence_is_announced_four_times_then_costs_nothing_and_ends_at_once()
    {
        using var meeting = new MixerHarness();
        var speaker = meeting.Join(Voice(440, 0.2));
        var listener = meeting.Join(Silence);
        listener.IsSending = false;
        meeting.Run(50);
        speaker.IsSending = false;
        meeting.Run(190);

        var sent = listener.Sent[60..];
        var begin = sent.FindIndex(size => size == -1);
        Assert.InRange(begin, 35, 60); // 800 ms of silence, and 200 ms until the encoder goes into DTX.
        Assert.InRange(sent[begin - 1], 1, 2); // The first empty packet is sent.
        Assert.Equal(3, sent[begin..].Count(size => size != -1));
        Assert.Equal(19, LongestSilence(sent[begin..(begin + 60)]));
        var encoded = meeting.Mixer.FramesEncoded;
        meeting.Run(100);
        Assert.Equal(encoded, meeting.Mixer.FramesEncoded); // Nothing else is even encoded.

        speaker.IsSending = true;
        meeting.Run(50);
        Assert.InRange(Tones.LevelDb(listener.LastSeconds(0.5), 440), -20, -10);
    }

    [Fact]
    public void A_steady_tone_is_not_taken_for_silence()
    {
        using var meeting = new MixerHarness();
        meeting.Join(Voice(440, 0.1));
        var listener = meeting.Join(Silence);

        meeting.Run(500);

        Assert.All(listener.Sent[20..], size => Assert.InRange(size, 3, 1_276));
    }

    [Fact]
    public void A_lone_participant_is_drained_but_nothing_is_encoded()
    {
        using var meeting = new MixerHarness();
        var lone = meeting.Join(Voice(440, 0.2));

        meeting.Run(200);

        Assert.Equal(0, meeting.Mixer.FramesEncoded);
        Assert.Equal(0, lone.Participant.Statistics.InboxOverflows);
        Assert.Equal(200, lone.Sent.Count(size => size == -1));
        Assert.True(lone.Participant.IsSpeaking);
    }

    [Fact]
    public void Ticks_that_do_nothing_may_be_left_out_and_all_hear_the_same()
    {
        using var every = new MixerHarness();
        using var some = new MixerHarness { LeavesOut = true };
        foreach (var meeting in new[] { every, some })
        {
            var ada = meeting.Join(Voice(440, 0.2));
            var bob = meeting.Join(Voice(1_100, 0.1));
            meeting.Join(Silence).IsSending = false;
            ada.IsSending = bob.IsSending = false;
            meeting.Run(300);
            (ada.IsSending, bob.IsSending) = (true, true);
            meeting.Run(100);
            (ada.IsSending, bob.IsSending) = (false, true);
            meeting.Run(100);
            bob.IsSending = false;
            meeting.Run(1_000);
            meeting.Join(Voice(700, 0.1));
            meeting.Run(100);
            meeting.Leave(meeting.Clients[0]);
            meeting.Run(100);
            meeting.Clients[^1].IsSending = false;
            meeting.Run(1_000);
            ada.Dispose();
        }

        for (var i = 0; i < every.Clients.Count; i++) Assert.Equal(every.Clients[i].Sent, some.Clients[i].Sent);
        for (var i = 0; i < every.Clients.Count; i++) Assert.Equal(every.Clients[i].Heard, some.Clients[i].Heard);
        Assert.Equal(2_700, every.Ticks);
        Assert.InRange(some.Ticks, 400, 1_100);
        Assert.True(some.Mixer.IsIdle);
    }

    [Fact]
    public void An_empty_meeting_ticks()
    {
        using var meeting = new MixerHarness();

        meeting.Run(10);

        Assert.Equal(0, meeting.Mixer.Count);
    }

    [Fact]
    public void One_who_leaves_is_faded_out_and_hears_no_more_and_the_others_go_on()
    {
        using var meeting = new MixerHarness();
        var first = meeting.Join(Voice(440, 0.1));
        var second = meeting.Join(Voice(1_100, 0.1));
        var listener = meeting.Join(Silence);
        meeting.Run(100);
        var heard = first.Heard.Count;

        meeting.Leave(first);
        Assert.Equal(2, meeting.Mixer.Count);
        meeting.Run(100);

        Assert.Equal(heard, first.Heard.Count);
        Assert.InRange(Tones.LevelDb(listener.LastSeconds(1), 440), -300, -70);
        Assert.InRange(Tones.LevelDb(listener.LastSeconds(1), 1_100), -26, -14);
        meeting.Mixer.Remove(first.Participant);
        Assert.Equal(2, meeting.Mixer.Count);
        first.Dispose();
        Assert.NotNull(second);
    }

    [Fact]
    public void A_late_host_calls_the_missed_ticks_in_a_row()
    {
        using var mixer = new AudioMixer(new AudioMixerOptions());
        using var speaker = new MixerHarness.Client(Voice(440, 0.2), new OpusEncoderOptions());
        using var listener = new MixerHarness.Client(Silence, new OpusEncoderOptions());
        speaker.Participant = mixer.Add(speaker.Inbox, speaker);
        listener.Participant = mixer.Add(listener.Inbox, listener);
        var sink = new ClientSink();
        var ticked = 0;

        // The host stands still for 100 ms now and then; packets go on arriving in real time.
        for (var i = 0; i < 500; i++)
        {
            speaker.Speak(i, AudioFormat.Tick * i);
            if (i % 50 is > 40 and < 46) continue;
            for (; ticked <= i; ticked++) mixer.Tick(AudioFormat.Tick * ticked, sink);
        }

        Assert.Equal(500, listener.Heard.Count / 960);
        Assert.InRange(speaker.Participant.Statistics.FramesConcealed, 0, 2);
        Assert.InRange(speaker.Participant.Statistics.FramesDecoded, 490, 500);
    }

    [Fact]
    public void A_restarted_stream_is_followed_by_its_generation()
    {
        using var mixer = new AudioMixer(new AudioMixerOptions());
        using var encoder = new OpusEncoder(new OpusEncoderOptions());
        using var listener = new MixerHarness.Client(Silence, new OpusEncoderOptions());
        var inbox = new AudioInbox();
        var speaker = mixer.Add(inbox);
        listener.Participant = mixer.Add(listener.Inbox, listener);
        speaker.ReportLoss(30);
        var sink = new ClientSink();
        var packet = new byte[1_276];
        for (var i = 0; i < 100; i++)
        {
            if (i == 50) inbox.Restart();
            var written = encoder.Encode(Tones.Sine(440, 0.2, 960, i * 960), packet);

            // The new stream begins below the old one: without the generation it would be late for ever.
            var (sequence, timestamp) = i < 50 ? (9_000 + i, 5_000_000 + (i * 960)) : (8_990 + i, i * 960);
            Assert.True(inbox.TryWrite(sequence, timestamp, AudioFormat.Tick * i, packet.AsSpan(0, written)));
            mixer.Tick(AudioFormat.Tick * i, sink);
        }

        Assert.Equal(0, speaker.Statistics.Jitter.Late);
        Assert.Equal(0, speaker.Statistics.Jitter.Lost);
        Assert.InRange(speaker.Statistics.FramesDecoded, 94, 100);
    }

    [Fact]
    public void Garbage_from_one_never_reaches_the_others()
    {
        Gen.Byte.Array[1, 200].Array[60, 60].Sample(
            garbage =>
            {
                using var meeting = new MixerHarness();
                meeting.Join(Voice(440, 0.1));
                var listener = meeting.Join(Silence);
                var attackerInbox = new AudioInbox();
                var attacker = new MixerHarness.Client(Silence, new OpusEncoderOptions()) { IsSending = false };
                attacker.Participant = meeting.Mixer.Add(attackerInbox, attacker);
                for (var i = 0; i < 60; i++)
                {
                    attackerInbox.TryWrite(i, i * 960, AudioFormat.Tick * i, garbage[i]);
                    meeting.Run(1);
                }

                attacker.Participant.Muted = true;
                meeting.Run(50);
                attacker.Dispose();
                return listener.Heard.All(float.IsFinite) && Tones.LevelDb(listener.LastSeconds(0.5), 440) > -26;
            },
            iter: 8,
            threads: 1);
    }

    [Fact]
    public void Lost_packets_are_recovered_or_concealed_and_counted()
    {
        using var meeting = new MixerHarness(clientEncoder: new OpusEncoderOptions { ExpectedLossPercent = 20 });
        var speech = Tones.Speech(200 * 960);
        var speaker = meeting.Join(tick => speech[(int)(tick * 960)..(int)((tick + 1) * 960)]);
        meeting.Join(Silence);
        speaker.Loses = sequence => sequence is > 20 and < 190 && sequence % 10 == 5;

        meeting.Run(195);

        var statistics = speaker.Participant.Statistics;
        Assert.Equal(17, statistics.Jitter.Lost);
        Assert.InRange(statistics.FramesRecovered, 10, 17);
        Assert.Equal(17, statistics.FramesRecovered + statistics.FramesConcealed);
        Assert.InRange(statistics.FramesDecoded, 174, 178);
        Assert.Equal(0, statistics.FramesCorrupt);
    }

    [Fact]
    public void A_packet_that_does_not_parse_is_counted()
    {
        using var meeting = new MixerHarness();
        var speaker = meeting.Join(Silence);

        speaker.Inbox.TryWrite(1_000, 0, TimeSpan.Zero, [0x0B, 0]);
        meeting.Mixer.Tick(meeting.Now, meeting);
        Assert.Equal(1, speaker.Participant.Statistics.Jitter.Malformed);
    }

    [Fact]
    public void The_loudest_speaker_has_the_floor_and_keeps_it_in_pauses()
    {
        using var meeting = new MixerHarness();
        var loud = meeting.Join(Voice(440, 0.3));
        var soft = meeting.Join(Voice(700, 0.05));
        Assert.Null(meeting.Mixer.DominantSpeaker);
        meeting.Run(50);
        Assert.Same(loud.Participant, meeting.Mixer.DominantSpeaker);

        loud.IsSending = soft.IsSending = false;
        meeting.Run(100);
        Assert.Same(loud.Participant, meeting.Mixer.DominantSpeaker);
        Assert.False(loud.Participant.IsSpeaking);

        soft.IsSending = true;
        meeting.Run(50);
        Assert.Same(soft.Participant, meeting.Mixer.DominantSpeaker);

        meeting.Leave(soft);
        Assert.Null(meeting.Mixer.DominantSpeaker);
        soft.Dispose();
    }

    [Fact]
    public void A_tick_allocates_nothing()
    {
        using var mixer = new AudioMixer(new AudioMixerOptions());
        var speech = Tones.Speech(960 * 50);
        var packets = new byte[50][];
        using (var encoder = new OpusEncoder(new OpusEncoderOptions()))
        {
            var packet = new byte[1_276];
            for (var i = 0; i < 50; i++) packets[i] = packet[..encoder.Encode(speech.AsSpan(i * 960, 960), packet)];
        }

        var inboxes = new AudioInbox[3];
        for (var i = 0; i < inboxes.Length; i++) mixer.Add(inboxes[i] = new AudioInbox(), i);
        var sink = new NullSink();
        Run(0, 600);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Run(600, 1_200);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.True(sink.Bytes > 0 && sink.Passages > 4);

        void Run(int from, int to)
        {
            for (var tick = from; tick < to; tick++)
            {
                for (var i = 0; i < inboxes.Length; i++)
                {
                    // Losses too, and silences long enough for all to share an encode again: every path of the tick.
                    if ((tick + i) % 11 == 0 || (tick / 200) % 3 == i) continue;
                    inboxes[i].TryWrite(tick, tick * 960, AudioFormat.Tick * tick, packets[tick % 50]);
                }

                mixer.Tick(AudioFormat.Tick * tick, sink);
            }
        }
    }

    [Fact]
    public void A_sink_that_changes_the_mixer_within_its_tick_is_told_so()
    {
        using var mixer = new AudioMixer(new AudioMixerOptions());
        mixer.Add(new AudioInbox());

        Assert.Throws<InvalidOperationException>(() => mixer.Tick(TimeSpan.Zero, new MeddlingSink(mixer)));
        mixer.Add(new AudioInbox());
    }

    private static Func<long, float[]> Voice(double frequency, double amplitude) =>
        tick => Tones.Sine(frequency, amplitude, 960, tick * 960);

    private static int LongestSilence(List<int> sent)
    {
        int longest = 0, run = 0;
        foreach (var size in sent)
        {
            run = size == -1 ? run + 1 : 0;
            longest = Math.Max(longest, run);
        }

        return longest;
    }

    private sealed class ClientSink : IMixedAudioSink
    {
        public void OnMixedFrame(MixerParticipant listener, ReadOnlySpan<byte> opusPayload, uint timestampIncrement, bool isDtx) =>
            (listener.Tag as MixerHarness.Client)?.Hear(opusPayload, isDtx);
    }

    private sealed class NullSink : IMixedAudioSink
    {
        private int _private;

        public long Bytes { get; private set; }

        public int Passages { get; private set; }

        public void OnMixedFrame(MixerParticipant listener, ReadOnlySpan<byte> opusPayload, uint timestampIncrement, bool isDtx)
        {
            Bytes += opusPayload.Length;
            var bit = 1 << (int)listener.Tag!;
            if ((_private & bit) != 0 == listener.Listener.IsPrivate) return;
            _private ^= bit;
            Passages++;
        }
    }

    private sealed class MeddlingSink(AudioMixer mixer) : IMixedAudioSink
    {
        public void OnMixedFrame(MixerParticipant listener, ReadOnlySpan<byte> opusPayload, uint timestampIncrement, bool isDtx) =>
            mixer.Remove(listener);
    }
}
