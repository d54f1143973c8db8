using Parley.Media.Forwarding;
using Parley.Media.Rtp;

namespace Parley.Media.Tests.Forwarding;

/// <summary>A camera in front of a <see cref="VideoSource"/>: counts its sequence numbers, frames and picture ids as a browser does.</summary>
internal sealed class FakeCamera(uint ssrc, long firstSequence = 70_000, uint firstTimestamp = 0, int firstPictureId = 0, byte firstTl0 = 0, bool longIds = true)
{
    private readonly int _firstPictureId = firstPictureId;
    private int _frame = -1;

    public VideoSource Source { get; } = new(ssrc);

    public long Sequence { get; private set; } = firstSequence - 1;

    /// <summary>The packets of the next frame, not yet delivered.</summary>
    public List<(long Index, byte[] Bytes)> Frame(bool key, int packets = 2)
    {
        _frame++;
        var made = new List<(long, byte[])>();
        for (var i = 0; i < packets; i++)
        {
            Sequence++;
            made.Add((Sequence, Vp8Packets.Make(
                ssrc,
                Sequence,
                firstTimestamp + (uint)(_frame * 3_000),
                _firstPictureId + _frame,
                (byte)(firstTl0 + _frame),
                key,
                start: i == 0,
                marker: i == packets - 1,
                longId: longIds,
                fill: (byte)_frame)));
        }

        return made;
    }

    /// <summary>Loses frames on the way, with this many packets.</summary>
    public void Skip(int packets)
    {
        _frame++;
        Sequence += packets;
    }

    /// <summary>Delivers packets to the source.</summary>
    public void Deliver(IEnumerable<(long Index, byte[] Bytes)> packets, TimeSpan now)
    {
        foreach (var (index, bytes) in packets)
        {
            Assert.True(RtpPacket.TryParse(bytes, out var packet));
            Source.OnPacket(in packet, index, now);
        }
    }

    /// <summary>Makes and delivers the next frame.</summary>
    public void Film(TimeSpan now, bool key = false, int packets = 2) => Deliver(Frame(key, packets), now);
}
