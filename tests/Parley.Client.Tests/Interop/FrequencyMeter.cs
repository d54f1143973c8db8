using Parley.Client.Audio;

namespace Parley.Client.Tests.Interop;

/// <summary>The frequency of the newest half second of what is heard, by counting where it rises through zero.</summary>
internal sealed class FrequencyMeter : IAudioSink
{
    private readonly object _lock = new();
    private readonly Queue<float> _samples = new();

    public double Hz
    {
        get
        {
            float[] samples;
            lock (_lock) samples = [.. _samples];
            var rises = Enumerable.Range(1, Math.Max(0, samples.Length - 1)).Where(i => samples[i - 1] < 0 && samples[i] >= 0).ToArray();

            // What is too quiet to be the tone is noise.
            return rises.Length < 2 || samples.Max() < 0.05 ? 0 : (rises.Length - 1) * (double)AudioFormat.SampleRate / (rises[^1] - rises[0]);
        }
    }

    public void Write(ReadOnlySpan<float> frame)
    {
        lock (_lock)
        {
            foreach (var sample in frame) _samples.Enqueue(sample);
            while (_samples.Count > AudioFormat.SampleRate / 2) _samples.Dequeue();
        }
    }
}
