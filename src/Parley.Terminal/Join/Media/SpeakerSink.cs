using System.Runtime.InteropServices;
using System.Threading.Channels;
using Parley.Client;
using Parley.Client.Audio;

namespace Parley.Terminal.Join.Media;

/// <summary>Plays through a program that reads 32-bit floats. At most 200 ms wait for it: what is later is dropped, oldest first.</summary>
internal sealed class SpeakerSink : IAudioSink, IDisposable
{
    private const int FramesKept = 10;

    /// <summary>A sound system that is away says so at once.</summary>
    private static readonly TimeSpan TrialTime = TimeSpan.FromMilliseconds(400);

    private readonly Channel<float[]> _frames = Channel.CreateBounded<float[]>(new BoundedChannelOptions(FramesKept)
    {
        FullMode = BoundedChannelFullMode.DropOldest,
        SingleReader = true,
    });

    private readonly MediaProcess _process;
    private readonly string _name;
    private readonly Task _playing;
    private volatile bool _isDisposed;

    private SpeakerSink(MediaProcess process, string name)
    {
        (_process, _name) = (process, name);
        _playing = Task.Run(PlayAsync);
    }

    /// <summary>It plays no more: a sentence. Any thread.</summary>
    public event Action<string>? Ended;

    /// <summary>Starts it with a moment of silence.</summary>
    /// <exception cref="ParleyException">It ended again; the message says why.</exception>
    public static async Task<SpeakerSink> OpenAsync(MediaProcess process, string name, TimeProvider time, CancellationToken cancellation)
    {
        var sink = new SpeakerSink(process, name);
        var silence = new float[AudioFormat.FrameSamples];
        for (var i = 0; i < FramesKept; i++) sink.Write(silence);
        using var trial = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var said = process.ComplaintAsync();
        await Task.WhenAny(said, Task.Delay(TrialTime, time, trial.Token));
        await trial.CancelAsync();
        cancellation.ThrowIfCancellationRequested();
        if (!said.IsCompleted) return sink;
        sink.Dispose();
        throw new ParleyException(ParleyError.Media, MediaComplaint.Sentence(name, "sound", await said));
    }

    public void Write(ReadOnlySpan<float> frame) => _frames.Writer.TryWrite(frame.ToArray());

    public void Dispose()
    {
        _isDisposed = true;
        _frames.Writer.TryComplete();
        _process.Dispose();
    }

    private async Task PlayAsync()
    {
        var bytes = new byte[AudioFormat.FrameSamples * sizeof(float)];
        try
        {
            await foreach (var frame in _frames.Reader.ReadAllAsync())
            {
                MemoryMarshal.AsBytes(frame.AsSpan()).CopyTo(bytes);
                await _process.Input.WriteAsync(bytes);
                await _process.Input.FlushAsync();
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            var complaint = await _process.ComplaintAsync();
            if (!_isDisposed) Ended?.Invoke($"The loudspeaker is off: {MediaComplaint.Sentence(_name, "sound", complaint)}");
        }
    }
}
