using System.Collections.Concurrent;
using Microsoft.Win32.SafeHandles;

namespace Parley.Terminal.Join.Input;

/// <summary>
/// The bytes of the terminal, read on a thread of its own, since a read blocks until a key is pressed. Not by
/// <see cref="Console"/>: its stream of a terminal gives whole lines only.
/// </summary>
internal sealed class Keyboard
{
    private readonly ConcurrentQueue<byte[]> _read = new();
    private readonly KeyDecoder _decoder = new();
    private bool _waited;

    private volatile bool _isClosed;

    /// <summary>Whether the terminal is gone.</summary>
    public bool IsClosed => _isClosed && _read.IsEmpty;

    public static Keyboard Open()
    {
        var keyboard = new Keyboard();
        var input = OperatingSystem.IsWindows()
            ? Console.OpenStandardInput()
            : new FileStream(new SafeFileHandle(0, ownsHandle: false), FileAccess.Read, bufferSize: 0);
        new Thread(() => keyboard.Read(input)) { IsBackground = true, Name = "keyboard" }.Start();
        return keyboard;
    }

    /// <summary>What was pressed since the last call. An ESC is the Escape key when a whole call brought nothing after it.</summary>
    public List<Key> Take()
    {
        var keys = new List<Key>();
        var any = false;
        while (_read.TryDequeue(out var bytes))
        {
            any = true;
            _decoder.Feed(bytes, keys);
        }

        if (!any && _waited) _decoder.Idle(keys);
        _waited = _decoder.IsWaiting;
        return keys;
    }

    private void Read(Stream input)
    {
        var buffer = new byte[4096];
        try
        {
            while (input.Read(buffer) is > 0 and var read) _read.Enqueue(buffer[..read]);
        }
        catch (IOException)
        {
            // The terminal is gone.
        }

        _isClosed = true;
    }
}
