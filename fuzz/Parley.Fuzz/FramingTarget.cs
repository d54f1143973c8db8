using System.Runtime.CompilerServices;
using Parley.Media.Framing;

namespace Parley.Fuzz;

public static partial class FuzzTargets
{
#pragma warning disable CA2255 // Each target registers itself, so that adding one touches no shared file.
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void RegisterFraming() => All["framing"] = RunFraming;

    /// <summary>
    /// The first byte says how the rest is cut. Whatever comes, frames are of our length, no more bytes come out than went in, there
    /// is room for more, and what was read writes back to a stream that reads the same.
    /// </summary>
    private static void RunFraming(ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty) return;
        var chunk = input[0] + 1;
        var stream = input[1..];
        var reader = new FrameReader();
        var queue = new FrameQueue(stream.Length + 1);
        var frames = new List<byte[]>();
        var sum = 0;
        while (!stream.IsEmpty)
        {
            var free = reader.GetFree().Span;
            Promise.Check(free.Length > 0);
            var count = Math.Min(Math.Min(chunk, stream.Length), free.Length);
            stream[..count].CopyTo(free);
            reader.Advance(count);
            stream = stream[count..];
            FrameRead read;
            while ((read = reader.Read(out var frame)) == FrameRead.Frame)
            {
                Promise.Check(frame.Length is > 0 and <= FrameReader.MaxFrameLength);
                sum += FrameReader.HeaderLength + frame.Length;
                Promise.Check(sum < input.Length);
                frames.Add(frame.ToArray());
                Promise.Check(queue.TryAdd(frame));
            }

            if (read == FrameRead.TooLong) break;
        }

        Promise.Check(queue.Length == sum);
        var again = new FrameReader();
        var at = 0;
        while (queue.Length > 0)
        {
            var part = queue.Peek(chunk).Span;
            var free = again.GetFree().Span;
            part = part[..Math.Min(part.Length, free.Length)];
            part.CopyTo(free);
            again.Advance(part.Length);
            queue.Take(part.Length);
            while (again.Read(out var frame) == FrameRead.Frame) Promise.Check(frame.SequenceEqual(frames[at++]));
        }

        Promise.Check(at == frames.Count);
    }
}
