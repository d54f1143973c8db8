using System.Buffers.Binary;

namespace Parley.Media.Rtcp;

/// <summary>A BYE packet (RFC 3550 §6.6).</summary>
public readonly ref struct Bye
{
    private Bye(SsrcList ssrcs, ReadOnlySpan<byte> reason)
    {
        Ssrcs = ssrcs;
        Reason = reason;
    }

    /// <summary>The sources that leave, 0–31.</summary>
    public SsrcList Ssrcs { get; }

    /// <summary>Why, 0–255 bytes of UTF-8 as sent: unchecked.</summary>
    public ReadOnlySpan<byte> Reason { get; }

    /// <summary>False when it is another type or the sources or the reason reach past the end.</summary>
    public static bool TryParse(scoped in RtcpPacket packet, out Bye bye)
    {
        bye = default;
        var ssrcsLength = packet.Count * 4;
        if (packet.Type != RtcpPacketType.Bye || packet.Body.Length < ssrcsLength)
        {
            return false;
        }

        var reason = packet.Body[ssrcsLength..];
        if (!reason.IsEmpty)
        {
            if (reason[0] > reason.Length - 1)
            {
                return false;
            }

            reason = reason.Slice(1, reason[0]);
        }

        bye = new Bye(new SsrcList(packet.Body[..ssrcsLength]), reason);
        return true;
    }
}

/// <summary>SSRCs as they stand in a packet.</summary>
public readonly ref struct SsrcList
{
    private readonly ReadOnlySpan<byte> _bytes;

    internal SsrcList(ReadOnlySpan<byte> bytes)
    {
        _bytes = bytes;
    }

    /// <summary>How many there are.</summary>
    public int Count => _bytes.Length / 4;

    /// <summary>The SSRC at <paramref name="index"/>, 0 to <see cref="Count"/> − 1.</summary>
    public uint this[int index] => BinaryPrimitives.ReadUInt32BigEndian(_bytes.Slice(index * 4, 4));

    /// <summary>Whether an SSRC is among them.</summary>
    public bool Contains(uint ssrc)
    {
        for (var i = 0; i < Count; i++)
        {
            if (this[i] == ssrc)
            {
                return true;
            }
        }

        return false;
    }
}
