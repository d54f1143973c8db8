using System.Buffers.Binary;
using CsCheck;
using Parley.Media.Stun;

namespace Parley.Media.Tests.Stun;

public sealed class StunMessageTests
{
    private static readonly Gen<byte[]> TransactionIds = Gen.Byte.Array[12];

    [Fact]
    public void What_is_written_is_read_back() => Gen.Select(
            Gen.Select(Gen.Enum<StunClass>(), Gen.Int[0, 0xFF], TransactionIds),
            Gen.Select(Gen.Byte.Array[0, 508], Gen.UInt, Gen.ULong, Gen.Bool),
            Gen.Select(Gen.Bool, Gen.Byte.Array[16], Gen.UShort),
            Gen.Byte.Array[1, 64])
        .Sample((header, attributes, address, key) =>
        {
            var mapped = address.Item1
                ? TransportAddress.FromIPv4(BinaryPrimitives.ReadUInt32BigEndian(address.Item2), address.Item3)
                : TransportAddress.FromIPv6(address.Item2, address.Item3);
            var writer = new StunWriter(new byte[1024], header.Item1, (StunMethod)header.Item2, header.Item3);
            writer.WriteUsername(attributes.Item1);
            writer.WritePriority(attributes.Item2);
            writer.WriteIceControlling(attributes.Item3);
            if (attributes.Item4)
            {
                writer.WriteUseCandidate();
            }

            writer.WriteXorMappedAddress(mapped);
            writer.WriteErrorCode(487, "reason"u8);
            writer.WriteIntegrity(key);
            writer.WriteFingerprint();

            Assert.Equal(StunParseResult.Ok, StunMessage.TryParse(writer.Written, out var message));
            Assert.Equal(header.Item1, message.Class);
            Assert.Equal((StunMethod)header.Item2, message.Method);
            Assert.Equal(header.Item3, message.TransactionId.ToArray());
            Assert.True(message.TryGetUsername(out var username));
            Assert.Equal(attributes.Item1, username.ToArray());
            Assert.Equal(attributes.Item2, message.Priority);
            Assert.Equal(attributes.Item3, message.IceControlling);
            Assert.Equal(attributes.Item4, message.UseCandidate);
            Assert.Equal(mapped, message.XorMappedAddress);
            Assert.Equal(487, message.ErrorCode);
            Assert.True(message.HasFingerprint);
            Assert.True(message.VerifyIntegrity(key));
            key[0] ^= 1;
            Assert.False(message.VerifyIntegrity(key));
        });

    [Fact]
    public void No_bytes_make_parsing_throw() => Gen.Byte.Array[0, 200].Sample(bytes =>
    {
        Touch(bytes);

        // With a right header the walk over attributes is reached, which random bytes never do.
        if (bytes.Length >= StunMessage.HeaderLength)
        {
            var aligned = bytes[..(bytes.Length & ~3)];
            aligned[0] &= 3;
            BinaryPrimitives.WriteUInt16BigEndian(aligned.AsSpan(2), (ushort)(aligned.Length - StunMessage.HeaderLength));
            BinaryPrimitives.WriteUInt32BigEndian(aligned.AsSpan(4), StunMessage.MagicCookie);
            if (aligned.Length >= 24)
            {
                BinaryPrimitives.WriteUInt16BigEndian(aligned.AsSpan(22), (ushort)(bytes[0] % (aligned.Length - 20)));
            }

            Touch(aligned);
        }
    });

    [Fact]
    public void A_message_cut_short_is_refused()
    {
        for (var length = 0; length < StunVectors.Request.Length; length++)
        {
            Assert.NotEqual(StunParseResult.Ok, StunMessage.TryParse(StunVectors.Request.AsSpan(0, length), out _));
        }
    }

    [Fact]
    public void Each_fault_has_its_name()
    {
        Assert.Equal(StunParseResult.TooShort, StunMessage.TryParse(new byte[19], out _));
        Assert.Equal(StunParseResult.TooLong, StunMessage.TryParse(new byte[StunMessage.MaxLength + 4], out _));
        Assert.Equal(StunParseResult.NotStun, StunMessage.TryParse(new byte[20], out _));
        Assert.Equal(StunParseResult.BadLength, StunMessage.TryParse([.. StunVectors.Request, 0, 0, 0, 0], out _));

        var damaged = StunVectors.Request;
        damaged[24] ^= 1;
        Assert.Equal(StunParseResult.BadFingerprint, StunMessage.TryParse(damaged, out _));
    }

    [Theory]
    [InlineData(StunAttribute.Priority, 3)]
    [InlineData(StunAttribute.Priority, 8)]
    [InlineData(StunAttribute.UseCandidate, 1)]
    [InlineData(StunAttribute.IceControlling, 4)]
    [InlineData(StunAttribute.IceControlled, 12)]
    [InlineData(StunAttribute.XorMappedAddress, 8)]
    [InlineData(StunAttribute.ErrorCode, 3)]
    [InlineData(StunAttribute.Username, 509)]
    [InlineData(StunAttribute.MessageIntegrity, 19)]
    [InlineData(StunAttribute.Fingerprint, 8)]
    public void An_attribute_of_the_wrong_form_is_refused(StunAttribute type, int length)
    {
        var writer = Start();
        writer.Write(type, new byte[length]);
        Assert.Equal(StunParseResult.BadAttribute, StunMessage.TryParse(writer.Written, out _));
    }

    [Fact]
    public void Nothing_may_follow_the_fingerprint()
    {
        var writer = Start();
        writer.WriteFingerprint();
        Assert.Equal(StunParseResult.Ok, StunMessage.TryParse(writer.Written, out _));

        // A CRC that is right for the longer message too.
        var longer = Start();
        longer.WriteFingerprint();
        longer.WritePriority(1);
        var bytes = longer.Written.ToArray();
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(24), StunFingerprint.Compute(bytes.AsSpan(0, 20)));
        Assert.Equal(StunParseResult.BadAttribute, StunMessage.TryParse(bytes, out _));
    }

    [Fact]
    public void What_follows_the_integrity_does_not_count()
    {
        var writer = Start();
        writer.WriteUsername("a:b"u8);
        writer.WriteIntegrity("key"u8);
        writer.WriteUseCandidate();
        writer.WriteUsername("c:d"u8);
        writer.Write((StunAttribute)0x7777, []);
        writer.WriteFingerprint();

        Assert.Equal(StunParseResult.Ok, StunMessage.TryParse(writer.Written, out var message));
        Assert.True(message.VerifyIntegrity("key"u8));
        Assert.False(message.UseCandidate);
        Assert.True(message.TryGetUsername(out var username));
        Assert.Equal("a:b"u8.ToArray(), username.ToArray());
        Assert.Equal(0, message.CopyUnknownRequired(new ushort[4]));
    }

    [Fact]
    public void The_first_of_repeated_attributes_counts()
    {
        var writer = Start();
        writer.WritePriority(1);
        writer.WritePriority(2);
        Assert.Equal(StunParseResult.Ok, StunMessage.TryParse(writer.Written, out var message));
        Assert.Equal(1u, message.Priority);
    }

    [Fact]
    public void Unknown_attributes_that_must_be_understood_are_listed()
    {
        var writer = Start();
        writer.Write((StunAttribute)0x7777, [1]);
        writer.Write((StunAttribute)0xC057, [0, 1, 2, 3]);
        writer.Write((StunAttribute)0x0003, []);
        Assert.Equal(StunParseResult.Ok, StunMessage.TryParse(writer.Written, out var message));

        var unknown = new ushort[4];
        Assert.Equal(2, message.CopyUnknownRequired(unknown));
        Assert.Equal([0x7777, 0x0003], unknown[..2]);
        Assert.Equal(1, message.CopyUnknownRequired(unknown.AsSpan(0, 1)));
    }

    [Fact]
    public void A_message_with_the_longest_length_is_read_and_verified()
    {
        var writer = new StunWriter(new byte[StunMessage.MaxLength], StunClass.Indication, StunMethod.Binding, new byte[12]);
        writer.WriteSoftware(new byte[StunMessage.MaxLength - 20 - 4 - 24]);
        writer.WriteIntegrity("key"u8);
        Assert.Equal(StunMessage.MaxLength, writer.Length);
        Assert.Equal(StunParseResult.Ok, StunMessage.TryParse(writer.Written, out var message));
        Assert.True(message.VerifyIntegrity("key"u8));
    }

    private static StunWriter Start() => new(new byte[1024], StunClass.Request, StunMethod.Binding, new byte[12]);

    private static void Touch(byte[] bytes)
    {
        if (StunMessage.TryParse(bytes, out var message) != StunParseResult.Ok)
        {
            return;
        }

        _ = (message.Class, message.Method, message.Priority, message.UseCandidate, message.IceControlled);
        _ = (message.IceControlling, message.XorMappedAddress, message.ErrorCode, message.HasFingerprint);
        message.TryGetUsername(out _);
        message.CopyUnknownRequired(new ushort[8]);
        message.VerifyIntegrity("key"u8);
    }
}
