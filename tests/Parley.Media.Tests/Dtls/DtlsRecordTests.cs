using System.Buffers.Binary;
using CsCheck;
using Parley.Media.Dtls;

namespace Parley.Media.Tests.Dtls;

public sealed class DtlsRecordTests
{
    private static readonly byte[] Hello = Record(22, 0, Message(1, 0, 60, 0, 60));

    [Fact]
    public void Takes_what_a_client_sends()
    {
        Assert.True(DtlsRecord.TryValidate(Hello));
        Assert.True(DtlsRecord.IsClientHello(Hello));
        Assert.True(DtlsRecord.TryValidate(Record(22, 0, [.. Message(11, 1, 400, 0, 400), .. Message(16, 2, 33, 0, 33)])));
        Assert.True(DtlsRecord.TryValidate([.. Record(22, 0, Message(15, 3, 74, 0, 74)), .. Record(20, 0, [1]), .. Record(22, 1, new byte[40])]));
        Assert.True(DtlsRecord.TryValidate(Record(21, 0, [2, 40])));
        Assert.True(DtlsRecord.TryValidate(Record(21, 1, new byte[26])));
        Assert.True(DtlsRecord.TryValidate(Record(23, 1, new byte[100])));
        Assert.False(DtlsRecord.IsClientHello(Record(22, 1, new byte[40])));
    }

    [Fact]
    public void Takes_what_a_server_sends()
    {
        Assert.True(DtlsRecord.TryValidate(Record(22, 0, Message(3, 0, 35, 0, 35), version: 0xFEFF), DtlsRole.Server));
        byte[] flight =
        [
            .. Record(22, 0, [.. Message(2, 1, 90, 0, 90), .. Message(11, 2, 400, 0, 400)]),
            .. Record(22, 0, [.. Message(12, 3, 140, 0, 140), .. Message(13, 4, 20, 0, 20), .. Message(14, 5, 0, 0, 0)]),
        ];
        Assert.True(DtlsRecord.TryValidate(flight, DtlsRole.Server));
        Assert.True(DtlsRecord.TryValidate([.. Record(20, 0, [1]), .. Record(22, 1, new byte[40])], DtlsRole.Server));
    }

    [Theory]
    [InlineData(0, 0, 0)] // HelloRequest
    [InlineData(1, 60, 60)] // ClientHello
    [InlineData(4, 60, 60)] // NewSessionTicket
    [InlineData(15, 60, 60)] // CertificateVerify
    [InlineData(16, 60, 60)] // ClientKeyExchange
    [InlineData(20, 12, 12)] // Finished in the clear
    [InlineData(22, 60, 60)] // CertificateStatus
    [InlineData(14, 1, 1)] // a ServerHelloDone that says something
    [InlineData(14, 1, 0)] // or would
    [InlineData(2, 60, 0)] // an empty fragment
    public void Drops_what_a_server_has_no_business_to_send(byte type, int length, int fragment) =>
        Assert.False(DtlsRecord.TryValidate(Record(22, 0, Message(type, 1, length, 0, fragment)), DtlsRole.Server));

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(12)]
    [InlineData(13)]
    public void Drops_a_servers_messages_from_a_client(byte type) =>
        Assert.False(DtlsRecord.TryValidate(Record(22, 0, Message(type, 1, 60, 0, 60)), DtlsRole.Client));

    public static TheoryData<string, byte[]> Malformed() => new()
    {
        { "nothing", [] },
        { "half a header", [22, 0xFE, 0xFD] },
        { "an empty record", Record(22, 0, []) },
        { "a record cut short", Hello[..^1] },
        { "a byte after the last record", [.. Hello, 0] },
        { "a datagram of 5000 bytes", Record(23, 1, new byte[5000 - 13]) },
        { "TLS 1.2's version", Record(22, 0, Message(1, 0, 60, 0, 60), version: 0x0303) },
        { "DTLS 1.3's unified header", [0x2F, .. new byte[60]] },
        { "epoch 2", Record(22, 2, new byte[40]) },
        { "a heartbeat", Record(24, 1, new byte[40]) },
        { "a connection id record", Record(25, 1, new byte[40]) },
        { "application data in the clear", Record(23, 0, new byte[40]) },
        { "a long ChangeCipherSpec", Record(20, 0, [1, 1]) },
        { "a ChangeCipherSpec of 2", Record(20, 0, [2]) },
        { "a ChangeCipherSpec under encryption", Record(20, 1, new byte[40]) },
        { "an alert of one byte", Record(21, 0, [2]) },
        { "an encrypted record shorter than nonce and tag", Record(22, 1, new byte[24]) },
        { "half a message header", Record(22, 0, new byte[11]) },
        { "a ServerHello", Record(22, 0, Message(2, 0, 60, 0, 60)) },
        { "a HelloRequest", Record(22, 0, Message(0, 0, 0, 0, 0)) },
        { "a Finished in the clear", Record(22, 0, Message(20, 4, 12, 0, 12)) },
        { "message_seq 8", Record(22, 0, Message(1, 8, 60, 0, 60)) },
        { "a fragment past the end of its message", Record(22, 0, Message(1, 0, 60, 30, 31)) },
        { "an empty fragment", Record(22, 0, Message(1, 0, 60, 30, 0)) },
        { "a fragment longer than the record", Record(22, 0, Message(1, 0, 60, 0, 60)[..^1]) },
        { "a good record and a bad one", [.. Hello, .. Record(20, 0, [2])] },
    };

    [Theory]
    [MemberData(nameof(Malformed))]
    public void Drops(string what, byte[] datagram) =>
        Assert.True(DtlsRecord.Check(datagram, out _) == DtlsCheck.Malformed, what);

    [Fact]
    public void Says_too_large_of_a_message_that_would_never_end()
    {
        Assert.Equal(DtlsCheck.TooLarge, DtlsRecord.Check(Record(22, 0, Message(1, 0, 16385, 0, 100)), out _));
        Assert.Equal(DtlsCheck.Valid, DtlsRecord.Check(Record(22, 0, Message(1, 0, 16384, 0, 100)), out _));
        Assert.Equal(DtlsCheck.TooLarge, DtlsRecord.Check(Record(22, 0, Message(11, 1, 0xFFFFFF, 0xFFFF00, 0xFF)), out _));
    }

    [Fact]
    public void Reads_back_what_was_written() =>
        Gen.Select(Gen.Byte[20, 23], Gen.UShort[0, 1], Gen.Byte.Array[1, 200]).Array[1, 8].Sample(records =>
        {
            ReadOnlySpan<byte> rest = records.SelectMany(r => Record(r.Item1, r.Item2, r.Item3)).ToArray();
            foreach (var (type, epoch, fragment) in records)
            {
                if (!DtlsRecord.TryRead(ref rest, out var record)
                    || record.ContentType != type
                    || record.Epoch != epoch
                    || record.Version != 0xFEFD
                    || !record.Fragment.SequenceEqual(fragment))
                {
                    return false;
                }
            }

            return rest.IsEmpty;
        });

    [Fact]
    public void Random_bytes_never_throw() =>
        Gen.Byte.Array[0, 300].Sample(datagram => { _ = DtlsRecord.TryValidate(datagram) | DtlsRecord.TryValidate(datagram, DtlsRole.Server) | DtlsRecord.IsClientHello(datagram); });

    [Fact]
    public void Mutated_records_never_throw() =>
        Gen.Select(Gen.Int[0, Hello.Length - 1], Gen.Byte, Gen.Int[0, Hello.Length]).Sample((at, value, length) =>
        {
            var copy = Hello.ToArray();
            copy[at] = value;
            _ = DtlsRecord.TryValidate(copy.AsSpan(0, length));
        });

    [Fact]
    public void Checking_allocates_nothing()
    {
        Assert.True(DtlsRecord.TryValidate(Hello));
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            DtlsRecord.TryValidate(Hello);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static byte[] Record(byte type, ushort epoch, byte[] fragment, ushort version = 0xFEFD)
    {
        var record = new byte[13 + fragment.Length];
        record[0] = type;
        BinaryPrimitives.WriteUInt16BigEndian(record.AsSpan(1), version);
        BinaryPrimitives.WriteUInt16BigEndian(record.AsSpan(3), epoch);
        BinaryPrimitives.WriteUInt16BigEndian(record.AsSpan(11), (ushort)fragment.Length);
        fragment.CopyTo(record, 13);
        return record;
    }

    private static byte[] Message(byte type, ushort sequence, int length, int offset, int fragment)
    {
        var message = new byte[12 + fragment];
        BinaryPrimitives.WriteInt32BigEndian(message, (type << 24) | length);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(4), sequence);
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(5), offset);
        message[5] = (byte)sequence;
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(8), fragment);
        message[8] = (byte)offset;
        return message;
    }
}
