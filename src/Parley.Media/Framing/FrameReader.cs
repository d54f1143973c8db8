using System.Buffers.Binary;

namespace Parley.Media.Framing;

/// <summary>
/// Takes a byte stream apart into datagrams (RFC 4571 §2, which ICE-TCP uses for all it carries: RFC 6544 §3): each has its length
/// before it in 16 bits. Holds one fixed buffer and never more than that: who fills it must read it empty before the next bytes.
/// </summary>
public sealed class FrameReader
{
    /// <summary>The bytes before each frame.</summary>
    public const int HeaderLength = 2;

    /// <summary>The longest frame taken: what the engine takes over UDP.</summary>
    public const int MaxFrameLength = 2_048;

    /// <summary>A few frames, so that a burst is not one system call for each.</summary>
    private const int BufferLength = 4 * (HeaderLength + MaxFrameLength);

    private readonly byte[] _buffer = new byte[BufferLength];
    private int _start;
    private int _end;

    /// <summary>
    /// Where to put what comes next. Moves what is left of the last frame to the front, so the spans read before are over. Never empty
    /// once <see cref="Read"/> has said that there is nothing more.
    /// </summary>
    public Memory<byte> GetFree()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        return _buffer.AsMemory(_end);
    }

    /// <summary>Notes that so many bytes were put there.</summary>
    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)(BufferLength - _end), nameof(count));
        _end += count;
    }

    /// <summary>Reads the next frame; empty ones, which keep a path open (RFC 4571 §2), are passed over.</summary>
    /// <param name="frame">Its bytes, which may be changed in place; never empty.</param>
    public FrameRead Read(out Span<byte> frame)
    {
        frame = default;
        while (_end - _start >= HeaderLength)
        {
            int length = BinaryPrimitives.ReadUInt16BigEndian(_buffer.AsSpan(_start));
            if (length > MaxFrameLength) return FrameRead.TooLong;
            if (_end - _start - HeaderLength < length) break;
            frame = _buffer.AsSpan(_start + HeaderLength, length);
            _start += HeaderLength + length;
            if (length > 0) return FrameRead.Frame;
        }

        return FrameRead.None;
    }
}
