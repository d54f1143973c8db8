using Parley.Client.Video;

namespace Parley.Client.Tests.Video;

/// <summary>Takes what a camera sends; tests wait for what they look for.</summary>
internal sealed class Recorder : IVideoOutput
{
    private readonly object _gate = new();
    private readonly List<(byte[] Frame, TimeSpan CaptureTime)> _frames = [];

    public Action<int>? OnSend { get; set; }

    public IReadOnlyList<(byte[] Frame, TimeSpan CaptureTime)> Frames
    {
        get
        {
            lock (_gate) return [.. _frames];
        }
    }

    public void Send(ReadOnlySpan<byte> frame, TimeSpan captureTime)
    {
        int count;
        lock (_gate)
        {
            _frames.Add((frame.ToArray(), captureTime));
            count = _frames.Count;
            Monitor.PulseAll(_gate);
        }

        OnSend?.Invoke(count);
    }

    /// <summary>Waits until that many frames came; a camera that stands still fails the test.</summary>
    public void WaitFor(int frames)
    {
        lock (_gate)
        {
            while (_frames.Count < frames) Assert.True(Monitor.Wait(_gate, TimeSpan.FromSeconds(30)), $"{_frames.Count} of {frames} frames came");
        }
    }
}
