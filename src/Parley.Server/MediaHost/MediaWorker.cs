using System.Collections.Concurrent;
using Parley.Media;
using Parley.Media.Session;

namespace Parley.Server.MediaHost;

/// <summary>
/// One UDP port, one thread, one engine. Everything that touches the engine runs on this thread: datagrams as they come, and what
/// control asks for by <see cref="Post"/>.
/// </summary>
internal sealed class MediaWorker : IDisposable
{
    /// <summary>Datagrams handled before timers and control get their turn again.</summary>
    private const int Burst = 256;

    private readonly ConcurrentQueue<Action> _posted = new();
    private readonly Thread _thread;
    private readonly UdpPort _port;
    private readonly MediaClock _clock;
    private readonly Action<Exception> _onFault;
    private volatile bool _stopping;

    public MediaWorker(int port, MediaClock clock, IMediaEvents events, Action<Exception> onFault)
    {
        _clock = clock;
        _onFault = onFault;
        _port = new UdpPort(port);
        Engine = new MediaEngine(_port, RandomSource.System, events, clock.Origin);
        _thread = new Thread(Run) { Name = $"media {_port.Port}", IsBackground = true };
    }

    /// <summary>The engine: only for what is posted here.</summary>
    public MediaEngine Engine { get; }

    /// <summary>The port bound.</summary>
    public int Port => _port.Port;

    /// <summary>Datagrams the system refused to send.</summary>
    public long SendErrors => _port.SendErrors;

    /// <summary>Begins to receive.</summary>
    public void Start() => _thread.Start();

    /// <summary>Runs something on the media thread, soon and in order.</summary>
    public void Post(Action action)
    {
        _posted.Enqueue(action);
        _port.Wake();
    }

    /// <summary>Ends the thread and closes the port.</summary>
    public void Dispose()
    {
        _stopping = true;
        if (_thread.IsAlive)
        {
            _port.Wake();
            _thread.Join();
        }

        _port.Dispose();
    }

    private void Run()
    {
        var buffer = GC.AllocateArray<byte>(2_048, pinned: true);
        while (!_stopping)
        {
            try
            {
                while (_posted.TryDequeue(out var action)) action();
                var now = _clock.Now;
                Engine.HandleTimeout(now);
                var deadline = Engine.NextDeadline;
                if (!_port.Wait(deadline == TimeSpan.MaxValue ? TimeSpan.FromSeconds(1) : deadline - now)) continue;
                for (var i = 0; i < Burst; i++)
                {
                    var length = _port.Receive(buffer, out var from);
                    if (length > 0) Engine.HandleDatagram(buffer.AsSpan(0, length), from, _clock.Now);
                    if (!_port.HasMore) break;
                }
            }
            catch (Exception fault)
            {
                // A fault of our own in one packet must not end every meeting of this worker, nor the process while it stops.
                _onFault(fault);
            }
        }

        // What was asked for before the end is done, so that rooms close in order.
        while (_posted.TryDequeue(out var last))
        {
            try
            {
                last();
            }
            catch (Exception fault)
            {
                _onFault(fault);
            }
        }
    }
}
