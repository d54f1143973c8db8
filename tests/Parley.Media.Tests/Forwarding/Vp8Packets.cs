using Parley.Media.Rtp;

namespace Parley.Media.Tests.Forwarding;

/// <summary>RTP packets that look like VP8 to a forwarder.</summary>
internal static class Vp8Packets
{
    public const byte PayloadType = 96;

    public static byte[] Make(
        uint ssrc,
        long sequence,
        uint timestamp,
        int pictureId,
        byte tl0PicIdx = 0,
        bool key = false,
        bool start = true,
        bool marker = true,
        bool longId = true,
        byte payloadType = PayloadType,
        int length = 40,
        byte fill = 0,
        RtpExtensionMap? extensions = null,
        string? mid = null,
        ushort? transportSequence = null,
        byte temporal = 0)
    {
        var descriptor = new Vp8PayloadDescriptor
        {
            StartsPartition = start,
            HasPictureId = true,
            HasLongPictureId = longId,
            PictureId = (ushort)(pictureId & (longId ? 0x7FFF : 0x7F)),
            HasTl0PicIdx = true,
            Tl0PicIdx = tl0PicIdx,
            HasTid = temporal > 0,
            Tid = temporal,
        };
        var payload = new byte[Vp8PayloadDescriptor.MaxLength + 10 + length];
        payload.AsSpan().Fill(fill);
        var at = descriptor.Write(payload);

        // Bit 0 of the payload header is the inverse key frame flag (RFC 7741 §4.3).
        payload[at] = (byte)(key && start ? 0x10 : 0x11);
        var buffer = new byte[payload.Length + 64];
        var writer = new RtpWriter(buffer);
        writer.WriteHeader(payloadType, marker, (ushort)sequence, timestamp, ssrc);
        if (extensions is not null)
        {
            writer.BeginExtensions();
            if (mid is not null) writer.AddExtension(extensions[RtpExtensionType.Mid], System.Text.Encoding.ASCII.GetBytes(mid));
            if (transportSequence is { } number)
                writer.AddExtension(extensions[RtpExtensionType.TransportSequenceNumber], [(byte)(number >> 8), (byte)number]);
            writer.EndExtensions();
        }

        writer.WritePayload(payload.AsSpan(0, at + 1 + length));
        return writer.Written.ToArray();
    }

    /// <summary>The picture id and TL0PICIDX of a packet's payload.</summary>
    public static Vp8PayloadDescriptor Describe(in RtpPacket packet)
    {
        Assert.True(Vp8PayloadDescriptor.TryParse(packet.Payload, out var descriptor));
        return descriptor;
    }
}
