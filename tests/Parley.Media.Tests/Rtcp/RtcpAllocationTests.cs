using Parley.Media.Rtcp;

namespace Parley.Media.Tests.Rtcp;

public sealed class RtcpAllocationTests
{
    [Fact]
    public void Writing_reading_and_recording_allocate_nothing()
    {
        var buffer = new byte[1200];
        var feedback = new byte[1200];
        var blocks = new[] { new ReportBlock(1, 2, 3, 4, 5, 6, 7) };
        var lost = new ushort[] { 1, 2, 3, 40, 50, 60 };
        var streams = new uint[] { 5, 6 };
        var recorder = new TransportCcRecorder();
        var statuses = 0;
        void Round(int i)
        {
            var now = TimeSpan.FromMilliseconds(i * 5);
            recorder.OnPacket((ushort)(i + i / 10), now);
            var hasFeedback = recorder.TryBuildFeedback(now, 1, 2, feedback, out var length);

            var writer = new RtcpWriter(buffer);
            writer.WriteSenderReport(new SenderInfo(1, NtpTime.FromDuration(now), 2, 3, 4), blocks);
            writer.WriteSourceDescription(1, "parley"u8);
            writer.WriteNack(1, 2, lost);
            writer.WritePictureLossIndication(1, 2);
            writer.WriteRemb(1, 1_000_000, streams);
            Walk(writer.Written, ref statuses);
            if (hasFeedback)
            {
                Walk(feedback.AsSpan(0, length), ref statuses);
            }
        }

        for (var i = 0; i < 200; i++)
        {
            Round(i);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 200; i < 2_200; i++)
        {
            Round(i);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.True(statuses > 2_000);
    }

    private static void Walk(ReadOnlySpan<byte> compound, ref int statuses)
    {
        var reader = new RtcpReader(compound);
        while (reader.TryRead(out var packet))
        {
            if (SenderReport.TryParse(packet, out var report))
            {
                foreach (var block in report.ReportBlocks)
                {
                    _ = block.RoundTripTime(report.Info.NtpTime);
                }
            }
            else if (SourceDescription.TryParse(packet, out var description))
            {
                _ = description.TryGetCname(1, out _);
            }
            else if (GenericNack.TryParse(packet, out var nack))
            {
                foreach (var sequenceNumber in nack)
                {
                    _ = sequenceNumber;
                }
            }
            else if (TransportCcFeedback.TryParse(packet, out var feedback))
            {
                foreach (var status in feedback)
                {
                    statuses += status.IsReceived ? 1 : 0;
                }
            }
        }
    }
}
