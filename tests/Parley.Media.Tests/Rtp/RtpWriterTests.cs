using CsCheck;
using Parley.Media.Rtp;

namespace Parley.Media.Tests.Rtp;

public sealed class RtpWriterTests
{
    private static readonly Gen<(byte Id, byte[] Value)> OneByteElement =
        Gen.Select(Gen.Byte[1, 14], Gen.Byte.Array[1, 16]);

    private static readonly Gen<(byte Id, byte[] Value)> AnyElement =
        Gen.Select(Gen.Byte[1, 255], Gen.Frequency((4, Gen.Byte.Array[0, 20]), (1, Gen.Byte.Array[0, 255])));

    [Fact]
    public void Writes_the_bytes_of_the_standard()
    {
        var writer = new RtpWriter(new byte[100]);
        Assert.True(writer.WriteHeader(96, true, 0x1234, 0x89ABCDEF, 0x11223344, [0xAAAAAAA1, 0xAAAAAAA2]));
        Assert.True(writer.BeginExtensions());
        Assert.True(writer.AddExtension(1, [0x7F]));
        Assert.True(writer.AddExtension(2, [0x0A, 0x0B, 0x0C]));
        writer.EndExtensions();
        Assert.True(writer.WritePayload([0xDE, 0xAD]));
        Assert.True(writer.WritePayload([0xBE, 0xEF]));
        Assert.True(writer.WritePadding(3));

        Assert.Equal(
            Hex.Bytes("B2 E0 1234 89ABCDEF 11223344 AAAAAAA1 AAAAAAA2 BEDE0002 10 7F 22 0A 0B 0C 00 00 DEADBEEF 00 00 03"),
            writer.Written.ToArray());
    }

    [Fact]
    public void Turns_to_the_two_byte_form_when_an_element_needs_it()
    {
        var writer = new RtpWriter(new byte[100]);
        writer.WriteHeader(96, false, 1, 2, 3);
        writer.BeginExtensions();
        writer.AddExtension(1, [0xA1]);
        writer.AddExtension(2, [0xB1, 0xB2]);
        writer.AddExtension(15, [0xC1]);
        writer.EndExtensions();

        Assert.Equal(
            Hex.Bytes("90 60 0001 00000002 00000003 10000003 01 01 A1 02 02 B1 B2 0F 01 C1 00 00"), writer.Written.ToArray());
    }

    [Fact]
    public void An_empty_extension_block_leaves_no_trace()
    {
        var writer = new RtpWriter(new byte[16]);
        writer.WriteHeader(96, false, 1, 2, 3);
        writer.BeginExtensions();
        writer.EndExtensions();

        Assert.Equal(Hex.Bytes("80 60 0001 00000002 00000003"), writer.Written.ToArray());
    }

    [Fact]
    public void An_encoder_may_fill_the_payload_in_place()
    {
        var writer = new RtpWriter(new byte[16]);
        writer.WriteHeader(111, false, 1, 2, 3);
        writer.Remaining[0] = 0x77;
        writer.Advance(1);

        Assert.Equal(Hex.Bytes("80 6F 0001 00000002 00000003 77"), writer.Written.ToArray());
    }

    [Fact]
    public void Refuses_calls_out_of_order()
    {
        Assert.Throws<InvalidOperationException>(() => new RtpWriter(new byte[50]).BeginExtensions());
        Assert.Throws<InvalidOperationException>(() => new RtpWriter(new byte[50]).WritePayload([1]));
        Assert.Throws<InvalidOperationException>(() =>
        {
            var writer = new RtpWriter(new byte[50]);
            writer.WriteHeader(96, false, 1, 2, 3);
            writer.WritePayload([1]);
            writer.BeginExtensions();
        });
    }

    [Fact]
    public void What_is_written_parses_to_the_same()
    {
        var elements = Gen.Frequency((1, OneByteElement.Array[0, 14]), (1, AnyElement.Array[0, 20]));
        Gen.Select(
            Gen.Select(Gen.Byte[0, 127], Gen.Bool, Gen.UShort, Gen.UInt, Gen.UInt),
            Gen.UInt.Array[0, 15],
            elements,
            Gen.Byte.Array[0, 40],
            Gen.Byte).Sample(
            (header, csrcs, extensions, payload, padding) =>
            {
                var (payloadType, marker, sequenceNumber, timestamp, ssrc) = header;
                var writer = new RtpWriter(new byte[8192]);
                Assert.True(writer.WriteHeader(payloadType, marker, sequenceNumber, timestamp, ssrc, csrcs));
                Assert.True(writer.BeginExtensions());
                foreach (var (id, value) in extensions)
                {
                    Assert.True(writer.AddExtension(id, value));
                }

                writer.EndExtensions();
                Assert.True(writer.WritePayload(payload));
                Assert.True(padding == 0 || writer.WritePadding(padding));

                Assert.True(RtpPacket.TryParse(writer.Written, out var packet));
                Assert.Equal(header, (packet.PayloadType, packet.Marker, packet.SequenceNumber, packet.Timestamp, packet.Ssrc));
                Assert.Equal(csrcs.Length, packet.CsrcCount);
                for (var i = 0; i < csrcs.Length; i++)
                {
                    Assert.Equal(csrcs[i], packet.GetCsrc(i));
                }

                var isOneByte = extensions.All(e => e.Id <= 14 && e.Value.Length is >= 1 and <= 16);
                Assert.Equal(extensions.Length == 0 ? 0 : isOneByte ? 0xBEDE : 0x1000, packet.ExtensionProfile);
                var index = 0;
                foreach (var extension in packet.Extensions)
                {
                    Assert.Equal(extensions[index].Id, extension.Id);
                    Assert.Equal(extensions[index++].Value, extension.Value.ToArray());
                }

                Assert.Equal(extensions.Length, index);
                Assert.Equal(payload, packet.Payload.ToArray());
                Assert.Equal(padding, packet.PaddingLength);
            },
            iter: 3_000);
    }

    [Fact]
    public void What_does_not_fit_changes_nothing()
    {
        // Mostly one-byte elements, so that turning to the two-byte form is what does not fit.
        var element = Gen.Frequency((4, OneByteElement), (1, AnyElement));
        Gen.Select(Gen.Int[0, 120], element.Array[1, 12], Gen.Byte.Array[0, 60]).Sample(
            (capacity, extensions, payload) =>
            {
                var buffer = new byte[capacity + 8];
                buffer.AsSpan(capacity).Fill(0x5A);
                var writer = new RtpWriter(buffer.AsSpan(0, capacity));
                var expected = new List<(byte, byte[])>();
                if (!writer.WriteHeader(96, false, 1, 2, 3))
                {
                    Assert.Equal(0, writer.Length);
                    return;
                }

                if (writer.BeginExtensions())
                {
                    foreach (var extension in extensions)
                    {
                        var before = writer.Length;
                        if (writer.AddExtension(extension.Id, extension.Value))
                        {
                            expected.Add(extension);
                        }
                        else
                        {
                            Assert.Equal(before, writer.Length);
                        }
                    }

                    writer.EndExtensions();
                }

                var fits = capacity - writer.Length >= payload.Length;
                Assert.Equal(fits, writer.WritePayload(payload));
                Assert.All(buffer[capacity..], b => Assert.Equal(0x5A, b));
                Assert.True(RtpPacket.TryParse(writer.Written, out var packet));
                var index = 0;
                foreach (var extension in packet.Extensions)
                {
                    Assert.Equal(expected[index].Item1, extension.Id);
                    Assert.Equal(expected[index++].Item2, extension.Value.ToArray());
                }

                Assert.Equal(expected.Count, index);
                Assert.Equal(fits ? payload.Length : 0, packet.Payload.Length);
            },
            iter: 3_000);
    }
}
