using System.Buffers.Binary;

namespace Parley.Media.Ice;

/// <summary>One check on its way: a Binding request and its retransmissions (RFC 8445 §7.2.2, RFC 8489 §6.2.1).</summary>
internal struct IceTransaction
{
    private ulong _idHigh;
    private uint _idLow;

    /// <summary>Whether an answer may still come and counts; one answer ends it, so a replayed one is nothing.</summary>
    public bool Expected;

    /// <summary>Whether it is sent again at <see cref="NextAt"/>.</summary>
    public bool Resending;

    public int Transmissions;
    public TimeSpan FirstSentAt;
    public TimeSpan LastSentAt;
    public TimeSpan NextAt;
    public TimeSpan Rto;

    /// <summary>The role that the request claims.</summary>
    public IceRole Role;

    /// <summary>Whether it carries USE-CANDIDATE.</summary>
    public bool Nominates;

    /// <summary>Whether it was sent more than once, so that an answer tells no round-trip time (Karn).</summary>
    public bool Resent;

    public static IceTransaction Begin(RandomSource random, IceRole role, bool nominates, TimeSpan rto, TimeSpan now)
    {
        Span<byte> id = stackalloc byte[12];
        random.Fill(id);
        return new IceTransaction
        {
            _idHigh = BinaryPrimitives.ReadUInt64BigEndian(id),
            _idLow = BinaryPrimitives.ReadUInt32BigEndian(id[8..]),
            Expected = true,
            Resending = true,
            FirstSentAt = now,
            NextAt = now,
            Rto = rto,
            Role = role,
            Nominates = nominates,
        };
    }

    public readonly bool IsAnsweredBy(ReadOnlySpan<byte> transactionId) =>
        Expected
        && BinaryPrimitives.ReadUInt64BigEndian(transactionId) == _idHigh
        && BinaryPrimitives.ReadUInt32BigEndian(transactionId[8..]) == _idLow;

    public readonly void WriteId(Span<byte> transactionId)
    {
        BinaryPrimitives.WriteUInt64BigEndian(transactionId, _idHigh);
        BinaryPrimitives.WriteUInt32BigEndian(transactionId[8..], _idLow);
    }
}
