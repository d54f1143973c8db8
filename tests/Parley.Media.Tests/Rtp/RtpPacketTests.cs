using CsCheck;
using Parley.Fuzz;
using Parley.Media.Rtp;

namespace Parley.Media.Tests.Rtp;

public sealed class RtpPacketTests
{
    // Version 2, padding, extension, two CSRCs, marker, PT 96, one-byte extensions 1 and 2 with padding between and after.
    private const string Full =
        "B2 E0 1234 89ABCDEF 11223344 AAAAAAA1 AAAAAAA2 BEDE0002 10 7F 00 22 0A 0B 0C 00 DEADBEEF 00 00 03";

    [Fact]
    public void Reads_every_field_of_a_header()
    {
        var bytes = Hex.Bytes(Full);

        Assert.True(RtpPacket.TryParse(bytes, out var packet));
        Assert.True(packet.Marker);
        Assert.Equal(96, packet.PayloadType);
        Assert.Equal(0x1234, packet.SequenceNumber);
        Assert.Equal(0x89ABCDEFu, packet.Timestamp);
        Assert.Equal(0x11223344u, packet.Ssrc);
        Assert.Equal(2, packet.CsrcCount);
        Assert.Equal(0xAAAAAAA1u, packet.GetCsrc(0));
        Assert.Equal(0xAAAAAAA2u, packet.GetCsrc(1));
        Assert.True(packet.HasExtension);
        Assert.Equal(0xBEDE, packet.ExtensionProfile);
        Assert.Equal(32, packet.HeaderLength);
        Assert.Equal(3, packet.PaddingLength);
        Assert.Equal(Hex.Bytes("DEADBEEF"), packet.Payload.ToArray());
    }

    [Fact]
    public void Finds_one_byte_extensions_over_padding()
    {
        var bytes = Hex.Bytes(Full);
        Assert.True(RtpPacket.TryParse(bytes, out var packet));

        Assert.True(packet.TryGetExtension(1, out var first));
        Assert.Equal(Hex.Bytes("7F"), first.ToArray());
        Assert.True(packet.TryGetExtension(2, out var second));
        Assert.Equal(Hex.Bytes("0A0B0C"), second.ToArray());
        Assert.False(packet.TryGetExtension(3, out _));
        Assert.False(packet.TryGetExtension(0, out _));
    }

    [Fact]
    public void Tells_where_an_extension_is_so_that_it_can_be_patched()
    {
        var bytes = Hex.Bytes(Full);
        Assert.True(RtpPacket.TryParse(bytes, out var packet));
        foreach (var extension in packet.Extensions)
        {
            if (extension.Id == 2)
            {
                bytes[extension.Offset] = 0xEE;
            }
        }

        Assert.True(packet.TryGetExtension(2, out var value));
        Assert.Equal(Hex.Bytes("EE0B0C"), value.ToArray());
    }

    [Theory]
    [InlineData("BEDE0002 10 AA F0 00 20 BB 00 00", "1:AA")] // id 15 ends the processing (RFC 8285 §4.2)
    [InlineData("BEDE0002 10 AA 01 00 20 BB 00 00", "1:AA")] // so does id 0 with a length (§4.1)
    [InlineData("BEDE0001 10 AA 2F BB", "1:AA")] // an element past the end
    [InlineData("BEDE0000", "")]
    [InlineData("10000003 01 00 02 01 AA 00 F0 02 BB CC 00 00", "1:,2:AA,240:BBCC")] // two-byte: empty values, high ids
    [InlineData("100F0001 0F 01 AA 00", "15:AA")] // appbits are free, id 15 is ordinary
    [InlineData("10000001 01 01 AA 02", "1:AA")] // an id without a length
    [InlineData("10000001 01 03 AA BB", "")] // a value past the end
    [InlineData("ABCD0001 10 AA 20 BB", "")] // another profile's extension
    public void Reads_extension_elements(string extension, string expected)
    {
        var bytes = Hex.Bytes("90 60 0001 00000002 00000003" + extension + "99");
        Assert.True(RtpPacket.TryParse(bytes, out var packet));
        var found = new List<string>();
        foreach (var element in packet.Extensions)
        {
            found.Add($"{element.Id}:{Convert.ToHexString(element.Value)}");
        }

        Assert.Equal(expected, string.Join(',', found));
        Assert.Equal(Hex.Bytes("99"), packet.Payload.ToArray());
    }

    [Theory]
    [InlineData("")]
    [InlineData("80 60 0001 00000002 000000")] // shorter than a header
    [InlineData("40 60 0001 00000002 00000003")] // version 1
    [InlineData("81 60 0001 00000002 00000003")] // a CSRC that is not there
    [InlineData("90 60 0001 00000002 00000003 BEDE00")] // half an extension header
    [InlineData("90 60 0001 00000002 00000003 BEDE0001 000000")] // an extension past the end
    [InlineData("A0 60 0001 00000002 00000003 00")] // padding of zero
    [InlineData("A0 60 0001 00000002 00000003 AABB04")] // padding into the header
    [InlineData("A0 60 0001 00000002 00000003")] // padding without a byte
    public void Refuses_a_malformed_packet(string hex) => Assert.False(RtpPacket.TryParse(Hex.Bytes(hex), out _));

    [Fact]
    public void Accepts_a_probing_packet_of_padding_only()
    {
        Assert.True(RtpPacket.TryParse(Hex.Bytes("A0 60 0001 00000002 00000003 000003"), out var packet));
        Assert.True(packet.Payload.IsEmpty);
        Assert.Equal(3, packet.PaddingLength);
    }

    [Fact]
    public void Patches_fields_in_place_and_leaves_the_rest()
    {
        var bytes = Hex.Bytes(Full);
        RtpHeader.SetMarker(bytes, false);
        RtpHeader.SetPayloadType(bytes, 111);
        RtpHeader.SetSequenceNumber(bytes, 0xFFFE);
        RtpHeader.SetTimestamp(bytes, 7);
        RtpHeader.SetSsrc(bytes, 8);

        Assert.Equal(
            Hex.Bytes(Full.Replace("E0 1234 89ABCDEF 11223344", "6F FFFE 00000007 00000008", StringComparison.Ordinal)), bytes);
        RtpHeader.SetMarker(bytes, true);
        Assert.True(RtpPacket.TryParse(bytes, out var packet));
        Assert.True(packet.Marker);
        Assert.Equal(111, packet.PayloadType);
    }

    [Theory]
    [InlineData("80C8", true)]
    [InlineData("81CE", true)]
    [InlineData("8060", false)]
    [InlineData("80E0", false)]
    [InlineData("00C8", false)]
    [InlineData("80", false)]
    public void Tells_rtcp_from_rtp(string hex, bool isRtcp) => Assert.Equal(isRtcp, RtpHeader.IsRtcp(Hex.Bytes(hex)));

    [Fact]
    public void Random_bytes_never_throw_and_what_parses_writes_back()
    {
        // Every second input starts like RTP, so that the depths are reached.
        Gen.Select(Gen.Bool, Gen.Byte, Gen.Byte.Array[0, 80]).Sample(
            (isLikely, flags, bytes) =>
            {
                if (isLikely && bytes.Length >= 20)
                {
                    bytes[0] = (byte)(0x80 | (flags & 0x31));
                    (flags % 3 == 0 ? Hex.Bytes("BEDE0004") : Hex.Bytes("10000004")).CopyTo(bytes, 12 + (bytes[0] & 1) * 4);
                    bytes[0] |= 0x10;
                }

                FuzzTargets.All["rtp"](bytes);
            },
            iter: 20_000);
    }
}
