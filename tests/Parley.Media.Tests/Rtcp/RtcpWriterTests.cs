using CsCheck;
using Parley.Media.Rtcp;
using Parley.Media.Tests.Rtp;

namespace Parley.Media.Tests.Rtcp;

public sealed class RtcpWriterTests
{
    private static readonly Gen<ReportBlock> Blocks = Gen.Select(
        Gen.UInt,
        Gen.Byte,
        Gen.Int[ReportBlock.MinCumulativeLost, ReportBlock.MaxCumulativeLost],
        Gen.Select(Gen.UInt, Gen.UInt, Gen.UInt, Gen.UInt),
        (ssrc, fraction, lost, rest) => new ReportBlock(ssrc, fraction, lost, rest.Item1, rest.Item2, rest.Item3, rest.Item4));

    private static RtcpPacket First(ReadOnlySpan<byte> compound)
    {
        var reader = new RtcpReader(compound);
        Assert.True(reader.TryRead(out var packet));
        Assert.False(reader.TryRead(out _));
        Assert.Equal(RtcpReadError.None, reader.Error);
        return packet;
    }

    private static ReportBlock[] Collect(ReportBlockEnumerator source)
    {
        var blocks = new List<ReportBlock>();
        foreach (var block in source)
        {
            blocks.Add(block);
        }

        return [.. blocks];
    }

    private static uint[] Collect(SsrcList source) => [.. Collect(source, [])];

    private static List<uint> Collect(SsrcList source, List<uint> ssrcs)
    {
        for (var i = 0; i < source.Count; i++)
        {
            ssrcs.Add(source[i]);
        }

        return ssrcs;
    }

    [Fact]
    public void Writes_a_compound_byte_for_byte()
    {
        var writer = new RtcpWriter(new byte[200]);
        Assert.True(writer.WriteReceiverReport(0x902F9E2E, [new ReportBlock(0xBC5E9A40, 1, -2, 0x46E1, 273, 0x09F36232, 0x00024000)]));
        Assert.True(writer.WriteSourceDescription(0x902F9E2E, "abc"u8));
        Assert.True(writer.WriteBye([0x11111111], "left"u8));
        Assert.True(writer.WritePictureLossIndication(1, 2));
        Assert.True(writer.WriteFullIntraRequest(1, [new FullIntraRequestEntry(2, 3)]));
        Assert.True(writer.WriteNack(1, 2, [0xFFFE, 0xFFFF, 0, 0xE, 0xF]));

        Assert.Equal(
            Hex.Bytes(
                "81 C9 0007 902F9E2E BC5E9A40 01 FFFFFE 000046E1 00000111 09F36232 00024000"
                + "81 CA 0003 902F9E2E 01 03 616263 000000"
                + "81 CB 0003 11111111 04 6C656674 000000"
                + "81 CE 0002 00000001 00000002"
                + "84 CE 0004 00000001 00000000 00000002 03000000"
                + "81 CD 0004 00000001 00000002 FFFE 8003 000F 0000"),
            writer.Written.ToArray());
    }

    [Fact]
    public void Cumulative_loss_is_clamped_to_24_bits()
    {
        var writer = new RtcpWriter(new byte[200]);
        writer.WriteReceiverReport(1, [new ReportBlock(2, 0, int.MaxValue, 0, 0, 0, 0), new ReportBlock(2, 0, int.MinValue, 0, 0, 0, 0)]);
        Assert.True(ReceiverReport.TryParse(First(writer.Written), out var report));

        Assert.Equal(
            [ReportBlock.MaxCumulativeLost, ReportBlock.MinCumulativeLost], Collect(report.ReportBlocks).Select(b => b.CumulativeLost));
    }

    [Fact]
    public void Reports_parse_to_what_was_written()
    {
        Gen.Select(Gen.UInt, Gen.ULong, Gen.Select(Gen.UInt, Gen.UInt, Gen.UInt), Blocks.Array[0, 31]).Sample((ssrc, ntp, counts, blocks) =>
        {
            var info = new SenderInfo(ssrc, new NtpTime(ntp), counts.Item1, counts.Item2, counts.Item3);
            var writer = new RtcpWriter(new byte[1000]);
            Assert.True(writer.WriteSenderReport(info, blocks));
            Assert.True(SenderReport.TryParse(First(writer.Written), out var sent));
            Assert.Equal(info, sent.Info);
            Assert.Equal(blocks, Collect(sent.ReportBlocks));

            writer = new RtcpWriter(new byte[1000]);
            Assert.True(writer.WriteReceiverReport(ssrc, blocks));
            Assert.True(ReceiverReport.TryParse(First(writer.Written), out var received));
            Assert.Equal(ssrc, received.Ssrc);
            Assert.Equal(blocks, Collect(received.ReportBlocks));
        });
    }

    [Fact]
    public void Descriptions_and_goodbyes_parse_to_what_was_written()
    {
        Gen.Select(Gen.UInt.Array[0, 31], Gen.Byte.Array[0, 255]).Sample((ssrcs, text) =>
        {
            var ssrc = ssrcs.Length == 0 ? 7 : ssrcs[0];
            var writer = new RtcpWriter(new byte[400]);
            Assert.True(writer.WriteSourceDescription(ssrc, text));
            Assert.Equal(0, writer.Length % 4);
            Assert.True(SourceDescription.TryParse(First(writer.Written), out var description));
            Assert.True(description.TryGetCname(ssrc, out var cname));
            Assert.Equal(text, cname.ToArray());

            writer = new RtcpWriter(new byte[400]);
            Assert.True(writer.WriteBye(ssrcs, text));
            Assert.True(Bye.TryParse(First(writer.Written), out var bye));
            Assert.Equal(ssrcs, Collect(bye.Ssrcs));
            Assert.Equal(text, bye.Reason.ToArray());
        });
    }

    [Fact]
    public void Nacks_name_exactly_the_lost_numbers_in_any_order()
    {
        Gen.Select(Gen.UShort, Gen.UShort[0, 200].Array[1, 60], Gen.Bool).Sample((first, offsets, isSorted) =>
        {
            var lost = offsets.Select(o => (ushort)(first + o)).ToArray();
            if (isSorted)
            {
                lost = [.. offsets.Order().Select(o => (ushort)(first + o))];
            }

            var writer = new RtcpWriter(new byte[400]);
            Assert.True(writer.WriteNack(3, 4, lost));
            Assert.True(GenericNack.TryParse(First(writer.Written), out var nack));
            var read = new HashSet<ushort>();
            foreach (var sequenceNumber in nack)
            {
                read.Add(sequenceNumber);
            }

            Assert.Equal(lost.ToHashSet(), read);
            Assert.Equal((3u, 4u), (nack.SenderSsrc, nack.MediaSsrc));

            // Ascending numbers pack as well as can be: no two entries within 16 of each other.
            Assert.True(!isSorted || writer.Length <= 12 + 4 * (200 / 17 + 1));
        });
    }

    [Fact]
    public void Key_frame_requests_and_bitrates_parse_to_what_was_written()
    {
        Gen.Select(Gen.UInt, Gen.Select(Gen.UInt, Gen.Byte).Array[1, 20], Gen.ULong[0, long.MaxValue], Gen.UInt.Array[0, 255]).Sample(
            (sender, entries, bitrate, ssrcs) =>
            {
                var requests = entries.Select(e => new FullIntraRequestEntry(e.Item1, e.Item2)).ToArray();
                var writer = new RtcpWriter(new byte[2000]);
                Assert.True(writer.WriteFullIntraRequest(sender, requests));
                Assert.True(FullIntraRequest.TryParse(First(writer.Written), out var request));
                Assert.Equal(sender, request.SenderSsrc);
                Assert.Equal(requests.Length, request.Count);
                for (var i = 0; i < requests.Length; i++)
                {
                    Assert.Equal(requests[i], request[i]);
                }

                foreach (var rate in new[] { bitrate, bitrate >> 40, 0UL, 0x3FFFFUL, 0x40000UL })
                {
                    writer = new RtcpWriter(new byte[2000]);
                    Assert.True(writer.WriteRemb(sender, rate, ssrcs));
                    Assert.True(ReceiverEstimatedMaximumBitrate.TryParse(First(writer.Written), out var remb));
                    Assert.InRange(remb.Bitrate, rate - (rate >> 17), rate);
                    Assert.Equal(ssrcs, Collect(remb.Ssrcs));
                }
            });
    }

    [Fact]
    public void What_does_not_fit_is_not_begun()
    {
        Span<byte> buffer = stackalloc byte[400];
        for (var capacity = 0; capacity < 80; capacity++)
        {
            buffer.Fill(0x5A);
            var writer = new RtcpWriter(buffer[..capacity]);
            var fits = capacity / 4 * 4;
            Assert.Equal(fits >= 12, writer.WritePictureLossIndication(1, 2));
            var before = writer.Length;
            Assert.Equal(fits - before >= 28, writer.WriteSenderReport(new SenderInfo(1, new NtpTime(2), 3, 4, 5)));
            before = writer.Length;
            Assert.Equal(fits - before >= 32, writer.WriteReceiverReport(1, [default]));
            before = writer.Length;
            Assert.Equal(fits - before >= 16, writer.WriteNack(1, 2, [3]));
            before = writer.Length;
            Assert.Equal(fits - before >= 12, writer.WriteBye([1], "abc"u8));
            before = writer.Length;
            Assert.Equal(fits - before >= 12, writer.WriteSourceDescription(1, "a"u8));
            before = writer.Length;
            Assert.Equal(fits - before >= 20, writer.WriteRemb(1, 2, []));
            before = writer.Length;
            Assert.Equal(fits - before >= 20, writer.WriteFullIntraRequest(1, [new FullIntraRequestEntry(1, 1)]));

            Assert.False(buffer[capacity..].ContainsAnyExcept((byte)0x5A));
            Assert.False(buffer[writer.Length..capacity].ContainsAnyExcept((byte)0x5A));
            var reader = new RtcpReader(writer.Written);
            while (reader.TryRead(out _))
            {
            }

            Assert.Equal(RtcpReadError.None, reader.Error);
        }
    }

    [Fact]
    public void Our_own_misuse_throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new RtcpWriter(new byte[2000]).WriteReceiverReport(1, new ReportBlock[32]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RtcpWriter(new byte[2000]).WriteBye(new uint[32]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RtcpWriter(new byte[2000]).WriteSourceDescription(1, new byte[256]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RtcpWriter(new byte[2000]).WriteNack(1, 2, []));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RtcpWriter(new byte[2000]).WriteFullIntraRequest(1, []));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RtcpWriter(new byte[2000]).WriteRemb(1, ulong.MaxValue, []));
    }
}
