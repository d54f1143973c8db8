using System.Buffers;

namespace Parley.Client.Video;

/// <summary>A frame that waits for another thread, in a rented buffer of its own.</summary>
internal readonly record struct QueuedFrame(VideoFrameInfo Info, byte[] Buffer, int Length)
{
    public ReadOnlySpan<byte> Data => Buffer.AsSpan(0, Length);

    public static QueuedFrame Copy(in VideoFrameInfo info, ReadOnlySpan<byte> frame)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Math.Max(1, frame.Length));
        frame.CopyTo(buffer);
        return new QueuedFrame(info, buffer, frame.Length);
    }

    public void Return() => ArrayPool<byte>.Shared.Return(Buffer);
}
