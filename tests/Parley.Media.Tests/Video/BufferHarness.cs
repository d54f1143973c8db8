using System.Buffers.Binary;
using Parley.Media.Video;

namespace Parley.Media.Tests.Video;

/// <summary>A buffer that is emptied after each step as its user does it, and what came out.</summary>
internal sealed class BufferHarness : IDisposable
{
    public BufferHarness(int maxPackets = 1024)
    {
        Buffer = new VideoFrameBuffer(new VideoFrameBufferOptions { MaxPackets = maxPackets }, Pool);
        Buffer.SetRoundTripTime(TimeSpan.FromMilliseconds(50));
    }

    public CountingPool Pool { get; } = new();

    public VideoFrameBuffer Buffer { get; }

    public TimeSpan Now { get; private set; }

    /// <summary>The numbers of the frames given.</summary>
    public List<int> Frames { get; } = [];

    public List<byte[]> Bytes { get; } = [];

    public List<AssembledFrame> Infos { get; } = [];

    public int KeyframesAsked { get; private set; }

    public VideoInsertResult Insert(Packet packet)
    {
        var result = Buffer.Insert(packet.Sequence, packet.Timestamp, packet.Marker, packet.Payload, Now);
        Drain();
        return result;
    }

    public void Insert(IEnumerable<Packet> packets)
    {
        foreach (var packet in packets) Insert(packet);
    }

    /// <summary>Lets time pass, with the buffer's timeouts at their deadlines.</summary>
    public void Pass(int milliseconds)
    {
        var end = Now + TimeSpan.FromMilliseconds(milliseconds);
        while (Buffer.NextDeadline <= end)
        {
            Now = Buffer.NextDeadline > Now ? Buffer.NextDeadline : Now;
            Buffer.HandleTimeout(Now);
            Assert.True(Buffer.NextDeadline > Now);
            Drain();
        }

        Now = end;
    }

    public void Dispose() => Buffer.Dispose();

    private void Drain()
    {
        while (Buffer.TryTake(out var info, out var frame))
        {
            Infos.Add(info);
            Bytes.Add(frame.ToArray());
            Frames.Add(frame.Length >= 5 ? BinaryPrimitives.ReadInt32LittleEndian(frame[1..]) : -1);
        }

        if (Buffer.TakeKeyframeNeeded()) KeyframesAsked++;
    }
}
