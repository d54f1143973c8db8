using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Parley.Media.Rtcp;
using static Parley.Fuzz.Promise;

namespace Parley.Fuzz;

public static partial class FuzzTargets
{
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "Each protocol registers its targets without touching a shared file.")]
    internal static void RegisterRtcp() => All["rtcp"] = RtcpTarget.Run;
}

internal static class RtcpTarget
{
    /// <summary>Every packet is offered to every typed reader; what one takes is written and must be taken again, the same.</summary>
    internal static void Run(ReadOnlySpan<byte> input)
    {
        var reader = new RtcpReader(input);
        var total = 0;
        while (reader.TryRead(out var packet))
        {
            total += 4 + packet.Body.Length;
            Reports(packet);
            Descriptions(packet);
            Feedback(packet);
            TransportCc(packet);
        }

        Check(total <= input.Length && (reader.Error != RtcpReadError.None || input.Length % 4 == 0));
    }

    private static void Reports(in RtcpPacket packet)
    {
        Span<byte> buffer = stackalloc byte[28 + ReportBlock.MaxCount * ReportBlock.Length];
        Span<ReportBlock> blocks = stackalloc ReportBlock[ReportBlock.MaxCount];
        if (SenderReport.TryParse(packet, out var sent))
        {
            var written = blocks[..Collect(sent.ReportBlocks, blocks)];
            var writer = new RtcpWriter(buffer);
            Check(writer.WriteSenderReport(sent.Info, written));
            Check(SenderReport.TryParse(First(writer.Written), out var again) && again.Info == sent.Info);
            CheckSame(again.ReportBlocks, written);
        }

        if (ReceiverReport.TryParse(packet, out var received))
        {
            var written = blocks[..Collect(received.ReportBlocks, blocks)];
            var writer = new RtcpWriter(buffer);
            Check(writer.WriteReceiverReport(received.Ssrc, written));
            Check(ReceiverReport.TryParse(First(writer.Written), out var again) && again.Ssrc == received.Ssrc);
            CheckSame(again.ReportBlocks, written);
        }
    }

    private static void Descriptions(in RtcpPacket packet)
    {
        Span<byte> buffer = stackalloc byte[512];
        if (SourceDescription.TryParse(packet, out var description))
        {
            foreach (var item in description)
            {
                if (item.Type == SourceDescriptionItemType.Cname)
                {
                    var writer = new RtcpWriter(buffer);
                    Check(writer.WriteSourceDescription(item.Ssrc, item.Text));
                    Check(SourceDescription.TryParse(First(writer.Written), out var again)
                        && again.TryGetCname(item.Ssrc, out var cname) && cname.SequenceEqual(item.Text));
                }
            }
        }

        if (Bye.TryParse(packet, out var bye))
        {
            Span<uint> ssrcs = stackalloc uint[31];
            Collect(bye.Ssrcs, ssrcs);
            var writer = new RtcpWriter(buffer);
            Check(writer.WriteBye(ssrcs[..bye.Ssrcs.Count], bye.Reason));
            Check(Bye.TryParse(First(writer.Written), out var again));
            Check(again.Ssrcs.Count == bye.Ssrcs.Count && again.Reason.SequenceEqual(bye.Reason));
        }
    }

    private static void Feedback(in RtcpPacket packet)
    {
        var buffer = new byte[packet.Body.Length * 17 + 64];
        var writer = new RtcpWriter(buffer);
        if (GenericNack.TryParse(packet, out var nack))
        {
            var lost = new ushort[(packet.Body.Length - 8) / 4 * 17];
            var count = 0;
            foreach (var sequenceNumber in nack)
            {
                lost[count++] = sequenceNumber;
            }

            Check(count > 0 && writer.WriteNack(nack.SenderSsrc, nack.MediaSsrc, lost.AsSpan(0, count)));
            Check(GenericNack.TryParse(First(writer.Written), out var again) && again.MediaSsrc == nack.MediaSsrc);
            var remaining = new HashSet<ushort>(lost[..count]);
            foreach (var sequenceNumber in again)
            {
                Check(lost.AsSpan(0, count).Contains(sequenceNumber));
                remaining.Remove(sequenceNumber);
            }

            Check(remaining.Count == 0);
        }

        if (PictureLossIndication.TryParse(packet, out var indication))
        {
            Check(writer.WritePictureLossIndication(indication.SenderSsrc, indication.MediaSsrc));
            Check(PictureLossIndication.TryParse(First(writer.Written), out var again) && again == indication);
        }

        if (FullIntraRequest.TryParse(packet, out var request))
        {
            var entries = new FullIntraRequestEntry[request.Count];
            for (var i = 0; i < entries.Length; i++)
            {
                entries[i] = request[i];
            }

            Check(writer.WriteFullIntraRequest(request.SenderSsrc, entries));
            Check(FullIntraRequest.TryParse(First(writer.Written), out var again) && again.Count == entries.Length);
            Check(again[^1] == entries[^1]);
        }

        if (ReceiverEstimatedMaximumBitrate.TryParse(packet, out var remb))
        {
            Span<uint> ssrcs = stackalloc uint[255];
            Collect(remb.Ssrcs, ssrcs);
            Check(writer.WriteRemb(remb.SenderSsrc, remb.Bitrate, ssrcs[..remb.Ssrcs.Count]));
            Check(ReceiverEstimatedMaximumBitrate.TryParse(First(writer.Written), out var again) && again.Bitrate == remb.Bitrate);
        }
    }

    private static void TransportCc(in RtcpPacket packet)
    {
        if (!TransportCcFeedback.TryParse(packet, out var feedback))
        {
            return;
        }

        var next = feedback.BaseSequenceNumber;
        var count = 0;
        foreach (var status in feedback)
        {
            Check(status.SequenceNumber == next++);
            Check(status.IsReceived || (status.Delta == TimeSpan.Zero && status.Arrival == TimeSpan.Zero));
            count++;
        }

        Check(count == feedback.StatusCount);
    }

    private static RtcpPacket First(ReadOnlySpan<byte> compound)
    {
        var reader = new RtcpReader(compound);
        Check(reader.TryRead(out var packet));
        Check(!reader.TryRead(out _) && reader.Error == RtcpReadError.None);
        return packet;
    }

    private static int Collect(ReportBlockEnumerator source, Span<ReportBlock> blocks)
    {
        var count = 0;
        foreach (var block in source)
        {
            blocks[count++] = block;
        }

        return count;
    }

    private static void CheckSame(ReportBlockEnumerator actual, ReadOnlySpan<ReportBlock> expected)
    {
        foreach (var block in expected)
        {
            Check(actual.MoveNext() && actual.Current == block);
        }

        Check(!actual.MoveNext());
    }

    private static void Collect(SsrcList source, Span<uint> ssrcs)
    {
        for (var i = 0; i < source.Count; i++)
        {
            ssrcs[i] = source[i];
        }
    }
}
