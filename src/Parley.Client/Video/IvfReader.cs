using System.Buffers.Binary;

namespace Parley.Client.Video;

/// <summary>Reads VP8 frames from an IVF file, which may be cut off anywhere. Not thread-safe.</summary>
public sealed class IvfReader : IDisposable
{
    /// <summary>The longest frame taken, which is the longest that can be sent.</summary>
    public const int MaxFrameLength = 1024 * 1024;

    private readonly Stream _file;
    private readonly string _name;
    private readonly IvfFormat _format;
    private readonly int _headerLength;
    private byte[] _frame = new byte[16 * 1024];

    /// <summary>Opens a file.</summary>
    /// <exception cref="ParleyException">It cannot be opened, or is no IVF file with VP8; the message says why.</exception>
    public IvfReader(string path)
        : this(Open(path), Path.GetFileName(path))
    {
    }

    /// <summary>Reads from a stream that can seek, and closes it in the end.</summary>
    /// <exception cref="ParleyException">It is no IVF file with VP8; the message calls it <paramref name="name"/> and says why.</exception>
    public IvfReader(Stream file, string name)
    {
        _file = file;
        _name = name;
        try
        {
            Span<byte> header = stackalloc byte[IvfFormat.HeaderLength];
            var length = file.ReadAtLeast(header, header.Length, throwOnEndOfStream: false);
            if (IvfFormat.TryRead(header[..length], out _format, out _headerLength) is { } why) throw Bad(why);
            file.Position = _headerLength;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Width as the header says, 0–65,535; a keyframe knows better.</summary>
    public int Width => _format.Width;

    /// <summary>Height as the header says, 0–65,535; a keyframe knows better.</summary>
    public int Height => _format.Height;

    /// <summary>Frames as the header says; 0 in a file that was never finished.</summary>
    public uint FrameCount => _format.FrameCount;

    /// <summary>Reads the next frame.</summary>
    /// <param name="frame">Its data, until the next call.</param>
    /// <param name="timestamp">When to show it, as the file says; bounded to a day each way from 0.</param>
    /// <returns>False at the end, and where the file is cut off.</returns>
    /// <exception cref="ParleyException">A frame is longer than <see cref="MaxFrameLength"/>.</exception>
    public bool TryRead(out ReadOnlySpan<byte> frame, out TimeSpan timestamp)
    {
        frame = default;
        timestamp = default;
        Span<byte> header = stackalloc byte[IvfFormat.FrameHeaderLength];
        if (_file.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) < header.Length) return false;
        var length = BinaryPrimitives.ReadUInt32LittleEndian(header);
        if (length > MaxFrameLength) throw Bad($"it has a frame of {length} bytes");
        if (length > _frame.Length) _frame = new byte[Math.Max((int)length, Math.Min(2 * _frame.Length, MaxFrameLength))];
        if (_file.ReadAtLeast(_frame.AsSpan(0, (int)length), (int)length, throwOnEndOfStream: false) < length) return false;
        var ticks = (Int128)BinaryPrimitives.ReadInt64LittleEndian(header[4..]) * _format.TimebaseNumerator * TimeSpan.TicksPerSecond
            / _format.TimebaseDenominator;
        timestamp = new TimeSpan((long)Int128.Clamp(ticks, -TimeSpan.TicksPerDay, TimeSpan.TicksPerDay));
        frame = _frame.AsSpan(0, (int)length);
        return true;
    }

    /// <summary>Goes back to the first frame.</summary>
    public void Rewind() => _file.Position = _headerLength;

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static FileStream Open(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 64 * 1024);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new ParleyException(ParleyError.Media, $"{path} cannot be opened: {failure.Message}", inner: failure);
        }
    }

    private ParleyException Bad(string why) => new(ParleyError.Media, $"{_name} cannot be played: {why}.");
}
