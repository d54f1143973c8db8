using Parley.Media.Forwarding;
using Parley.Media.Rtp;

namespace Parley.Media.Tests.Forwarding;

/// <summary>A camera in front of a <see cref="VideoSource"/>: counts its sequence numbers, frames and picture ids as a browser does.</summary>
internal sealed class FakeCamera : ISourceOwner
{
    private readonly uint _ssrc;
    private readonly uint _firstTimestamp;
    private readonly int _firstPictureId;
    private readonly byte _firstTl0;
    private readonly bool _longIds;
    private int _frame = -1;

    public FakeCamera(
        uint ssrc,
        long firstSequence = 70_000,
        uint firstTimestamp = 0,
        int firstPictureId = 0,
        byte firstTl0 = 0,
        bool longIds = true,
        VideoSource? source = null,
        int number = 0)
    {
        (_ssrc, _firstTimestamp, _firstPictureId, _firstTl0, _longIds) = (ssrc, firstTimestamp, firstPictureId, firstTl0, longIds);
        Sequence = firstSequence - 1;
        Source = source ?? new VideoSource(this, isScreen: false);
        Encoding = new VideoEncoding(Source, number, ssrc, new VideoFormat(VideoCodec.Vp8, Vp8Packets.PayloadType, null), new RtpExtensionMap(), Memory);
        Source.Put(Encoding);
    }

    /// <summary>Where its last packets lie.</summary>
    public PacketPages Memory { get; } = new();

    public VideoSource Source { get; }

    /// <summary>Its only one.</summary>
    public VideoEncoding Encoding { get; }

    public long Sequence { get; private set; }

    /// <summary>The packets of the next frame, not yet delivered.</summary>
    public List<(long Index, byte[] Bytes)> Frame(bool key, int packets = 2, byte temporal = 0)
    {
        _frame++;
        var made = new List<(long, byte[])>();
        for (var i = 0; i < packets; i++)
        {
            Sequence++;
            made.Add((Sequence, Vp8Packets.Make(
                _ssrc,
                Sequence,
                _firstTimestamp + (uint)(_frame * 3_000),
                _firstPictureId + _frame,
                (byte)(_firstTl0 + _frame),
                key,
                start: i == 0,
                marker: i == packets - 1,
                longId: _longIds,
                fill: (byte)_frame,
                temporal: temporal)));
        }

        return made;
    }

    /// <summary>Loses frames on the way, with this many packets.</summary>
    public void Skip(int packets)
    {
        _frame++;
        Sequence += packets;
    }

    /// <summary>Delivers packets to the source, and each from there.</summary>
    public void Deliver(IEnumerable<(long Index, byte[] Bytes)> packets, TimeSpan now)
    {
        foreach (var (index, bytes) in packets)
        {
            Assert.True(RtpPacket.TryParse(bytes, out var packet));
            Encoding.OnPacket(in packet, index, now);
            Source.Forward(Encoding, now);
        }
    }

    /// <summary>Its clock is the server's, and nobody mixes its voice.</summary>
    TimeSpan? ISourceOwner.CapturedAt(TimeSpan now) => now;

    void ISourceOwner.AwaitForward(VideoEncoding encoding)
    {
        // Deliver forwards anyway.
    }

    void ISourceOwner.OnSourceDue()
    {
    }

    void ISourceOwner.OnLayersWanted(VideoSource source, int layers)
    {
    }

    /// <summary>Makes and delivers the next frame.</summary>
    public void Film(TimeSpan now, bool key = false, int packets = 2) => Deliver(Frame(key, packets), now);
}
