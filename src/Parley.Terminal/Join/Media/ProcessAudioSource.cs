using System.Runtime.InteropServices;
using System.Threading.Channels;
using Parley.Client;
using Parley.Client.Audio;

namespace Parley.Terminal.Join.Media;

/// <summary>
/// Sound of a program: a file, which waits until it is read, or a microphone, which does not and of which only the newest 200 ms
/// are kept. When it ends it says so once; it is started again only by <see cref="Resume"/>.
/// </summary>
/// <param name="start">Starts the program, which writes 32-bit floats, mono, 48 kHz.</param>
/// <param name="name">As the user named it.</param>
/// <param name="isLive">Whether it is a microphone.</param>
internal sealed class ProcessAudioSource(Func<MediaProcess> start, string name, bool isLive) : IAudioSource, IDisposable
{
    private const int FramesKept = 10;
    private const int FrameBytes = AudioFormat.FrameSamples * sizeof(float);

    private readonly Lock _gate = new();
    private Run? _run;
    private bool _isDisposed;

    /// <summary>It has come to its end, or failed: a sentence. Any thread.</summary>
    public event Action<string>? Ended;

    /// <summary>Frames that can be read now.</summary>
    internal int Waiting => Volatile.Read(ref _run)?.Frames.Reader.Count ?? 0;

    /// <summary>Starts it.</summary>
    /// <returns>Once there is sound.</returns>
    /// <exception cref="ParleyException">There is none; the message says why.</exception>
    public async Task OpenAsync(CancellationToken cancellation)
    {
        var run = Begin();
        try
        {
            await run.Begun.Task.WaitAsync(cancellation);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The microphone is switched on: what was heard before that is not sent, and what has ended begins again.</summary>
    public void Resume()
    {
        lock (_gate)
        {
            if (_isDisposed) return;
            if (_run is { HasEnded: false })
            {
                while (isLive && _run.Frames.Reader.TryRead(out _))
                {
                }

                return;
            }
        }

        try
        {
            _ = Observe(Begin().Begun.Task);
        }
        catch (ParleyException e)
        {
            Ended?.Invoke(e.Message);
        }
    }

    public bool TryRead(Span<float> frame)
    {
        if (Volatile.Read(ref _run) is not { } run || !run.Frames.Reader.TryRead(out var next)) return false;
        next.CopyTo(frame);
        return true;
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            _run?.Process.Dispose();
        }
    }

    private static async Task Observe(Task begun)
    {
        try
        {
            await begun;
        }
        catch (ParleyException)
        {
            // Ended has told it.
        }
    }

    private Run Begin()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            _run?.Process.Dispose();
            var run = new Run(start(), Channel.CreateBounded<float[]>(new BoundedChannelOptions(FramesKept)
            {
                FullMode = isLive ? BoundedChannelFullMode.DropOldest : BoundedChannelFullMode.Wait,
            }));
            Volatile.Write(ref _run, run);
            _ = Task.Run(() => ReadAsync(run));
            return run;
        }
    }

    private async Task ReadAsync(Run run)
    {
        var bytes = new byte[FrameBytes];
        try
        {
            while (await run.Process.Output.ReadAtLeastAsync(bytes, FrameBytes, throwOnEndOfStream: false) is var read and > 0)
            {
                // The last piece of a file is filled up with silence.
                bytes.AsSpan(read).Clear();
                await run.Frames.Writer.WriteAsync(MemoryMarshal.Cast<byte, float>(bytes).ToArray());
                run.Begun.TrySetResult();
                if (read < FrameBytes) break;
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // Ended, as below.
        }

        await FinishAsync(run);
    }

    private async Task FinishAsync(Run run)
    {
        var complaint = await run.Process.ComplaintAsync();
        var failed = MediaComplaint.Sentence(name, "sound", complaint);
        var wasHeard = !run.Begun.TrySetException(new ParleyException(ParleyError.Media, failed));
        bool isWanted;
        lock (_gate) isWanted = !_isDisposed && ReferenceEquals(_run, run);
        run.HasEnded = true;
        run.Process.Dispose();
        if (isWanted) Ended?.Invoke(!wasHeard ? failed : isLive ? $"The microphone is off: {failed}" : $"The file \"{Drawing.Glyphs.Clean(name)}\" is over: the microphone is off");
    }

    private sealed record Run(MediaProcess Process, Channel<float[]> Frames)
    {
        private volatile bool _hasEnded;

        public TaskCompletionSource Begun { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool HasEnded { get => _hasEnded; set => _hasEnded = value; }
    }
}
