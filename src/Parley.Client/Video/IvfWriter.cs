using System.Buffers.Binary;

namespace Parley.Client.Video;

/// <summary>Writes VP8 frames to an IVF file. The count of frames in its header is put right in the end. Not thread-safe.</summary>
public sealed class IvfWriter : IDisposable
{
    private readonly FileStream _file;
    private uint _frames;
    private bool _isDisposed;

    /// <summary>Makes the file, over one that is there.</summary>
    /// <param name="path">Where.</param>
    /// <param name="width">Of the first keyframe, 1–65,535.</param>
    /// <param name="height">Of the first keyframe, 1–65,535.</param>
    /// <param name="clockRate">Ticks of the timestamps in a second.</param>
    /// <exception cref="ParleyException">It cannot be made; the message says why.</exception>
    public IvfWriter(string path, int width, int height, int clockRate = 90_000)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(width, ushort.MaxValue);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(height, ushort.MaxValue);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(clockRate);
        FileStream? file = null;
        try
        {
            // Without a buffer of its own: what a full disk refuses is refused by the write, not by closing the file.
            file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
            Span<byte> header = stackalloc byte[IvfFormat.HeaderLength];
            new IvfFormat(width, height, 1, (uint)clockRate, 0).Write(header);
            file.Write(header);
            _file = file;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            file?.Dispose();
            throw Failed(path, failure);
        }
    }

    /// <summary>Writes a frame.</summary>
    /// <param name="frame">VP8 (RFC 6386).</param>
    /// <param name="timestamp">In ticks of the clock rate; does not go back.</param>
    /// <exception cref="ParleyException">The disk is full or gone.</exception>
    public void Write(ReadOnlySpan<byte> frame, long timestamp)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        Span<byte> header = stackalloc byte[IvfFormat.FrameHeaderLength];
        BinaryPrimitives.WriteInt32LittleEndian(header, frame.Length);
        BinaryPrimitives.WriteInt64LittleEndian(header[4..], timestamp);
        try
        {
            _file.Write(header);
            _file.Write(frame);
            _frames++;
        }
        catch (IOException failure)
        {
            throw Failed(_file.Name, failure);
        }
    }

    /// <summary>Finishes the file.</summary>
    public void Dispose()
    {
        if (_isDisposed) return;
        _isDisposed = true;
        try
        {
            Span<byte> count = stackalloc byte[sizeof(uint)];
            BinaryPrimitives.WriteUInt32LittleEndian(count, _frames);
            _file.Position = IvfFormat.FrameCountOffset;
            _file.Write(count);
        }
        catch (IOException)
        {
            // The disk is gone. Players count the frames themselves.
        }
        finally
        {
            _file.Dispose();
        }
    }

    private static ParleyException Failed(string path, Exception failure) =>
        new(ParleyError.Media, $"{path} cannot be written: {failure.Message}", inner: failure);
}
