using Parley.Media.Rtcp;
using Parley.Media.Rtp;

namespace Parley.Media.Tests.Session;

/// <summary>What one participant received, decrypted.</summary>
internal sealed class Inbound
{
    public List<byte[]> Rtp { get; } = [];

    public List<byte[]> Rtcp { get; } = [];

    /// <summary>RTP datagrams, retransmissions among them.</summary>
    public int RtpDatagrams { get; set; }

    public int Other { get; set; }

    public int CountOf(uint ssrc) => Rtp.Count(bytes => RtpPacket.TryParse(bytes, out var packet) && packet.Ssrc == ssrc);

    public int KeyframeRequestsFor(uint ssrc)
    {
        var count = 0;
        ForEach((in RtcpPacket packet) => count += PictureLossIndication.TryParse(in packet, out var loss) && loss.MediaSsrc == ssrc ? 1 : 0);
        return count;
    }

    public List<ushort> NacksFor(uint ssrc)
    {
        var lost = new List<ushort>();
        ForEach((in RtcpPacket packet) =>
        {
            if (!GenericNack.TryParse(in packet, out var nack) || nack.MediaSsrc != ssrc) return;
            foreach (var sequence in nack) lost.Add(sequence);
        });
        return lost;
    }

    public List<SenderInfo> SenderReports()
    {
        var reports = new List<SenderInfo>();
        ForEach((in RtcpPacket packet) =>
        {
            if (SenderReport.TryParse(in packet, out var report)) reports.Add(report.Info);
        });
        return reports;
    }

    public List<ReportBlock> ReportBlocks()
    {
        var blocks = new List<ReportBlock>();
        ForEach((in RtcpPacket packet) =>
        {
            if (SenderReport.TryParse(in packet, out var sender))
            {
                foreach (var block in sender.ReportBlocks) blocks.Add(block);
            }

            if (!ReceiverReport.TryParse(in packet, out var receiver)) return;
            foreach (var block in receiver.ReportBlocks) blocks.Add(block);
        });
        return blocks;
    }

    public delegate void Look(in RtcpPacket packet);

    public void ForEach(Look look)
    {
        foreach (var compound in Rtcp)
        {
            var reader = new RtcpReader(compound);
            while (reader.TryRead(out var packet)) look(in packet);
            Assert.Equal(RtcpReadError.None, reader.Error);
        }
    }
}
