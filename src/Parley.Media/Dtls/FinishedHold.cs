namespace Parley.Media.Dtls;

/// <summary>
/// Keeps the peer's ChangeCipherSpec and everything encrypted back until all before it has been processed: of a client its
/// CertificateVerify, of a server its first flight. BouncyCastle switches its read epoch on the first ChangeCipherSpec it
/// sees after ClientKeyExchange and then drops epoch 0: had a CertificateVerify been lost or overtaken, no resend of it
/// would ever be heard; and a Finished that overtakes the ChangeCipherSpec need not be resent. Bounded: one
/// ChangeCipherSpec and <see cref="Capacity"/> bytes of records (a Finished takes about 60).
/// </summary>
internal sealed class FinishedHold
{
    private const int Capacity = 512;

    private readonly byte[] _changeCipherSpec = new byte[DtlsRecord.HeaderLength + 1];
    private byte[] _protected = [];
    private bool _hasChangeCipherSpec;
    private int _protectedLength;
    private bool _released;

    /// <summary>Whether all before it has been processed, so that what is held may go.</summary>
    public bool Ready { get; set; }

    /// <summary>
    /// Takes a validated datagram and moves what may pass now to its front.
    /// </summary>
    /// <returns>How many bytes may pass.</returns>
    public int Filter(Span<byte> datagram)
    {
        if (_released)
        {
            return datagram.Length;
        }

        ReadOnlySpan<byte> rest = datagram;
        var passed = 0;
        while (DtlsRecord.TryRead(ref rest, out var record))
        {
            var length = record.Bytes.Length;
            if (record.Epoch != 0)
            {
                Hold(record.Bytes);
            }
            else if (record.ContentType == DtlsRecord.ChangeCipherSpec)
            {
                record.Bytes.CopyTo(_changeCipherSpec);
                _hasChangeCipherSpec = true;
            }
            else
            {
                // Moves towards the front only, over records already read.
                record.Bytes.CopyTo(datagram[passed..]);
                passed += length;
            }
        }

        return passed;
    }

    /// <summary>Writes ChangeCipherSpec and what came encrypted, once, as one datagram; 0 while that must wait.</summary>
    public int Release(Span<byte> destination)
    {
        if (_released || !Ready || !_hasChangeCipherSpec)
        {
            return 0;
        }

        _released = true;
        _changeCipherSpec.CopyTo(destination);
        _protected.AsSpan(0, _protectedLength).CopyTo(destination[_changeCipherSpec.Length..]);
        _protected = [];
        return _changeCipherSpec.Length + _protectedLength;
    }

    private void Hold(ReadOnlySpan<byte> record)
    {
        if (record.Length > Capacity - _protectedLength)
        {
            // More than any peer sends here: keep the newest, for a resend of the Finished is the likeliest of use.
            _protectedLength = 0;
        }

        if (record.Length <= Capacity)
        {
            if (_protected.Length == 0) _protected = new byte[Capacity];
            record.CopyTo(_protected.AsSpan(_protectedLength));
            _protectedLength += record.Length;
        }
    }
}
