using Parley.Media.Mixing;

namespace Parley.Quality;

/// <summary>One who speaks over a bad path, one who listens over a perfect one, and Parley's mixer between them.</summary>
internal sealed class ParleyMixer : IMixedAudioSink, IDisposable
{
    private readonly AudioMixer _mixer = new(new AudioMixerOptions());
    private readonly OpusDecoder _decoder = new();
    private readonly MixerParticipant _listener;
    private readonly Heard _heard;

    private ParleyMixer(Heard heard)
    {
        _heard = heard;
        _listener = _mixer.Add(new AudioInbox());
    }

    public static Heard Run(Speech speech, byte[][] packets, NetworkPath path, int seed, int ticks)
    {
        var heard = new Heard(new float[ticks * AudioFormat.FrameSamples]);
        using var meeting = new ParleyMixer(heard);
        var inbox = new AudioInbox();
        var voice = meeting._mixer.Add(inbox).Source;
        var arrivals = path.Arrivals(packets.Length, seed);
        var due = new Queue<int>(Enumerable.Range(0, packets.Length).Where(i => arrivals[i] is not null).OrderBy(i => arrivals[i]));
        var position = 0L;
        for (var tick = 0; tick < ticks; tick++)
        {
            var now = AudioFormat.Tick * tick;
            while (due.TryPeek(out var next) && arrivals[next] <= now.TotalMilliseconds)
            {
                due.Dequeue();
                inbox.TryWrite(next, next * AudioFormat.FrameSamples, TimeSpan.FromMilliseconds(arrivals[next]!.Value), packets[next]);
            }

            var concealed = voice.Jitter.Statistics.ConcealedSamples;
            meeting._mixer.Tick(now, meeting);

            // While it is dry it has no position: it goes on from the last.
            position = voice.Position ?? position + AudioFormat.FrameSamples;
            var packet = (position / AudioFormat.FrameSamples) - 1;
            if (packet < 0 || packet >= speech.Packets || !speech.IsSpeech[packet]) continue;
            heard.Speech += AudioFormat.FrameSamples;
            heard.Concealed += voice.Jitter.Statistics.ConcealedSamples - concealed;

            // So long ago, at this tick's time, the first sample of that packet was mixed.
            heard.DelaysMs.Add((tick * 20) - (position % AudioFormat.FrameSamples / 48.0) - path.SentMs(packet));
        }

        return heard;
    }

    public void OnMixedFrame(MixerParticipant listener, ReadOnlySpan<byte> opusPayload, uint timestampIncrement, bool isDtx)
    {
        if (listener != _listener) return;
        var frame = _heard.Next(AudioFormat.FrameSamples);
        if (isDtx) _decoder.Conceal(frame);
        else _decoder.Decode(opusPayload, frame);
    }

    public void Dispose()
    {
        _mixer.Dispose();
        _decoder.Dispose();
    }
}
