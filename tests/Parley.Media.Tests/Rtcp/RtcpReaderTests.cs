using CsCheck;
using Parley.Fuzz;
using Parley.Media.Rtcp;
using Parley.Media.Tests.Rtp;

namespace Parley.Media.Tests.Rtcp;

public sealed class RtcpReaderTests
{
    private const string Report = "81 C9 0007 902F9E2E BC5E9A40 00000000 000046E1 00000111 09F362 32 00024000";
    private const string Description = "81 CA 0005 902F9E2E 01 0B 7B61 62632D 313233 7D7D 00 000000";
    private const string Goodbye = "82 CB 0004 11111111 22222222 04 6C656674 000000";
    private const string Indication = "81 CE 0002 902F9E2E 11111111";

    private static List<string> Read(string hex, out RtcpReadError error)
    {
        var reader = new RtcpReader(Hex.Bytes(hex));
        var found = new List<string>();
        while (reader.TryRead(out var packet))
        {
            found.Add($"{packet.Type}/{packet.Count}/{packet.Body.Length}");
        }

        error = reader.Error;
        return found;
    }

    private static RtcpPacket Single(string hex)
    {
        var reader = new RtcpReader(Hex.Bytes(hex));
        Assert.True(reader.TryRead(out var packet));
        return packet;
    }

    [Fact]
    public void Walks_a_compound()
    {
        Assert.Equal(
            ["ReceiverReport/1/28", "SourceDescription/1/20", "Bye/2/16", "PayloadFeedback/1/8"],
            Read(Report + Description + Goodbye + Indication, out var error));
        Assert.Equal(RtcpReadError.None, error);
    }

    [Fact]
    public void Walks_a_reduced_size_datagram_of_one_feedback_packet()
    {
        Assert.Equal(["PayloadFeedback/1/8"], Read(Indication, out var error));
        Assert.Equal(RtcpReadError.None, error);
    }

    [Theory]
    [InlineData("80 C9", RtcpReadError.Truncated)]
    [InlineData("40 C9 0001 00000000", RtcpReadError.BadVersion)]
    [InlineData("80 C9 0002 00000000", RtcpReadError.LengthBeyondEnd)]
    [InlineData("80 C9 FFFF 00000000", RtcpReadError.LengthBeyondEnd)]
    [InlineData("A0 C9 0001 00000000", RtcpReadError.BadPadding)]
    [InlineData("A0 C9 0001 00000005", RtcpReadError.BadPadding)]
    [InlineData("A0 C9 0000", RtcpReadError.BadPadding)]
    public void A_malformed_tail_is_named_and_what_came_before_is_good(string tail, RtcpReadError expected)
    {
        Assert.Equal(["PayloadFeedback/1/8"], Read(Indication + tail, out var error));
        Assert.Equal(expected, error);
    }

    [Fact]
    public void An_empty_datagram_has_no_packets_and_no_error()
    {
        Assert.Empty(Read("", out var error));
        Assert.Equal(RtcpReadError.None, error);
    }

    [Fact]
    public void Takes_padding_off_and_skips_unknown_types()
    {
        Assert.Equal(["ExtendedReport/0/4", "195/3/0"], Read("A0 CF 0002 11111111 00000004 83 C3 0000", out var error));
        Assert.Equal(RtcpReadError.None, error);
    }

    [Fact]
    public void Reads_a_receiver_report()
    {
        Assert.True(ReceiverReport.TryParse(Single(Report), out var report));
        Assert.Equal(0x902F9E2Eu, report.Ssrc);
        var blocks = report.ReportBlocks;
        Assert.True(blocks.MoveNext());
        Assert.Equal(new ReportBlock(0xBC5E9A40, 0, 0, 0x46E1, 273, 0x09F36232, 0x00024000), blocks.Current);
        Assert.False(blocks.MoveNext());
    }

    [Fact]
    public void Reads_a_sender_report_with_a_negative_loss_and_an_extension_behind_it()
    {
        var packet = Single(
            "81 C8 000D 902F9E2E DDA8F3B2 80000000 11223344 00000005 00000600"
            + "BC5E9A40 FF FFFFFE 000146E1 00000111 00000000 00000000 CAFECAFE");
        Assert.True(SenderReport.TryParse(packet, out var report));
        Assert.Equal(new SenderInfo(0x902F9E2E, new NtpTime(0xDDA8F3B280000000), 0x11223344, 5, 0x600), report.Info);
        var blocks = report.ReportBlocks;
        Assert.True(blocks.MoveNext());
        Assert.Equal(new ReportBlock(0xBC5E9A40, 255, -2, 0x146E1, 273, 0, 0), blocks.Current);
        Assert.False(blocks.MoveNext());
    }

    [Fact]
    public void Reads_a_source_description_of_two_chunks()
    {
        // Chunk 1: CNAME "ab", NAME "x"; chunk 2: CNAME "" filled to the boundary.
        var packet = Single("82 CA 0006 11111111 01 02 6162 02 01 78 00 22222222 01 00 00 00 00000000");
        Assert.True(SourceDescription.TryParse(packet, out var description));
        var found = new List<string>();
        foreach (var item in description)
        {
            found.Add($"{item.Ssrc:X}:{item.Type}:{System.Text.Encoding.UTF8.GetString(item.Text)}");
        }

        Assert.Equal(["11111111:1:ab", "11111111:2:x", "22222222:1:"], found);
        Assert.True(description.TryGetCname(0x11111111, out var cname));
        Assert.Equal("ab"u8, cname);
        Assert.False(description.TryGetCname(0x33333333, out _));
    }

    [Fact]
    public void A_chunk_that_ends_on_a_boundary_has_a_whole_word_of_zeros()
    {
        Assert.True(SourceDescription.TryParse(Single("82 CA 0005 11111111 01 02 6162 00000000 22222222 01 01 63 00"), out var description));
        Assert.True(description.TryGetCname(0x22222222, out var cname));
        Assert.Equal("c"u8, cname);
    }

    [Theory]
    [InlineData("81 CA 0002 11111111 01 09 6162")] // an item past the end
    [InlineData("81 CA 0001 11111111")] // no item and no end
    [InlineData("9F CA 0000")] // 31 chunks that are not there
    public void A_malformed_source_description_has_no_items(string hex)
    {
        Assert.True(SourceDescription.TryParse(Single(hex), out var description));
        Assert.False(description.GetEnumerator().MoveNext());
    }

    [Fact]
    public void Reads_a_goodbye_with_its_reason()
    {
        Assert.True(Bye.TryParse(Single(Goodbye), out var bye));
        Assert.Equal(2, bye.Ssrcs.Count);
        Assert.Equal(0x11111111u, bye.Ssrcs[0]);
        Assert.True(bye.Ssrcs.Contains(0x22222222));
        Assert.False(bye.Ssrcs.Contains(0x33333333));
        Assert.Equal("left"u8, bye.Reason);
    }

    [Fact]
    public void Reads_the_lost_numbers_of_a_nack_across_the_wrap()
    {
        var packet = Single("81 CD 0004 902F9E2E 11111111 FFFE 8003 0100 0000");
        Assert.True(GenericNack.TryParse(packet, out var nack));
        Assert.Equal((0x902F9E2Eu, 0x11111111u), (nack.SenderSsrc, nack.MediaSsrc));
        var lost = new List<int>();
        foreach (var sequenceNumber in nack)
        {
            lost.Add(sequenceNumber);
        }

        Assert.Equal([0xFFFE, 0xFFFF, 0, 0xE, 0x100], lost);
    }

    [Fact]
    public void Reads_key_frame_requests()
    {
        Assert.True(PictureLossIndication.TryParse(Single(Indication), out var indication));
        Assert.Equal(new PictureLossIndication(0x902F9E2E, 0x11111111), indication);

        Assert.True(FullIntraRequest.TryParse(Single("84 CE 0006 902F9E2E 00000000 11111111 07000000 22222222 FF000000"), out var request));
        Assert.Equal(2, request.Count);
        Assert.Equal(new FullIntraRequestEntry(0x11111111, 7), request[0]);
        Assert.Equal(new FullIntraRequestEntry(0x22222222, 255), request[1]);
    }

    [Fact]
    public void Reads_a_maximum_bitrate()
    {
        // REMB of 0x1FF00 << 2 bits per second for two streams.
        var packet = Single("8F CE 0006 00000001 00000000 52454D42 02 09FF00 11111111 22222222");
        Assert.True(ReceiverEstimatedMaximumBitrate.TryParse(packet, out var remb));
        Assert.Equal(0x1FF00u << 2, remb.Bitrate);
        Assert.Equal(2, remb.Ssrcs.Count);
        Assert.Equal(0x22222222u, remb.Ssrcs[1]);
    }

    [Theory]
    [InlineData("82 C9 0001 11111111")] // two report blocks that are not there
    [InlineData("81 C8 0006 00000000 00000000 00000000 00000000 00000000 00000000")]
    [InlineData("80 C8 0001 00000000")]
    [InlineData("82 CB 0001 11111111")]
    [InlineData("81 CB 0002 11111111 09 000000")] // a reason past the end
    [InlineData("81 CD 0002 11111111 22222222")] // a NACK of nothing
    [InlineData("81 CE 0001 11111111")]
    [InlineData("84 CE 0003 11111111 00000000 11111111")] // half a FIR entry
    [InlineData("8F CE 0004 00000001 00000000 52454D42 01 000001")] // an SSRC that is not there
    [InlineData("8F CE 0004 00000001 00000000 52454D43 00 000001")] // another application's feedback
    [InlineData("8F CE 0004 00000001 00000000 52454D42 00 FFFFFF")] // 2^81 bits per second
    public void No_reader_takes_a_malformed_body(string hex)
    {
        var packet = Single(hex);
        Assert.False(SenderReport.TryParse(packet, out _));
        Assert.False(ReceiverReport.TryParse(packet, out _));
        Assert.False(SourceDescription.TryParse(packet, out _));
        Assert.False(Bye.TryParse(packet, out _));
        Assert.False(GenericNack.TryParse(packet, out _));
        Assert.False(PictureLossIndication.TryParse(packet, out _));
        Assert.False(FullIntraRequest.TryParse(packet, out _));
        Assert.False(ReceiverEstimatedMaximumBitrate.TryParse(packet, out _));
        Assert.False(TransportCcFeedback.TryParse(packet, out _));
    }

    [Fact]
    public void Random_bytes_never_throw_and_what_parses_writes_back()
    {
        // Headers of known types over random bodies, so that every reader is reached; then wholly random bytes.
        var packets = Gen.Select(Gen.Byte[0, 31], Gen.Byte[200, 207], Gen.Bool, Gen.Byte.Array[0, 60]);
        Gen.Select(packets.Array[1, 3], Gen.Byte.Array[0, 12]).Sample(
            (parts, tail) =>
            {
                var bytes = new List<byte>();
                foreach (var (count, type, isRemb, body) in parts)
                {
                    if (isRemb && body.Length >= 12)
                    {
                        "REMB"u8.CopyTo(body.AsSpan(8));
                    }

                    var words = body.Length / 4;
                    bytes.AddRange([(byte)(0x80 | count), type, 0, (byte)words, .. body[..(words * 4)]]);
                }

                FuzzTargets.All["rtcp"](bytes.Concat(tail).ToArray());
                FuzzTargets.All["rtcp"](tail);
            },
            iter: 20_000);
    }
}
