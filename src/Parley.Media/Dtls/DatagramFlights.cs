using Org.BouncyCastle.Tls;

namespace Parley.Media.Dtls;

/// <summary>
/// Stands between BouncyCastle and the host. Outwards it packs the records of a flight into as few datagrams as fit
/// (RFC 6347 §4.1.1 allows several records in one) and sends them when the handshake turns to receiving. Inwards it
/// shows BouncyCastle only what passed the intake, in an order it survives, and record by record: of a datagram whose first
/// record is of an epoch that is over it would drop all the others too, such as the Finished behind a ChangeCipherSpec.
/// </summary>
internal sealed class DatagramFlights(IDtlsDatagrams host, int maxSendLength, DtlsRole remote) : DatagramTransport
{
    private byte[] _outgoing = [];
    private byte[] _incoming = new byte[DtlsRecord.MaxDatagramLength];
    private readonly FinishedHold _hold = new();
    private HandshakeBudget _budget = new();
    private int _outgoingLength;
    private int _incomingAt;
    private int _incomingEnd;
    private byte[] _lent = [];
    private bool _afterHandshake;

    /// <summary>Why this side ended the handshake: <see cref="DtlsFailure.None"/> when it did not.</summary>
    public DtlsFailure Failure { get; private set; }

    /// <summary>Lets the peer's ChangeCipherSpec pass: all that comes before it has been dealt with.</summary>
    public void ReleaseFinished() => _hold.Ready = true;

    /// <summary>What was sent has been flushed. From now on datagrams come by <see cref="Lend"/>, mostly none for a meeting long: until then nothing is kept for them.</summary>
    public void EndHandshake() => (_afterHandshake, _incoming, _outgoing) = (true, [], []);

    /// <summary>Puts one record where the next <see cref="Receive(Span{byte}, int)"/> finds it.</summary>
    public void Lend(ReadOnlySpan<byte> record) => _lent = record.ToArray();

    /// <summary>
    /// BouncyCastle asks this before each wait. After the handshake its receive loop would spin until its wall clock ran
    /// out; this exception is the one way out of the loop that leaves the association whole.
    /// </summary>
    public int GetReceiveLimit() => !_afterHandshake || _lent.Length > 0
        ? DtlsRecord.MaxDatagramLength
        : throw new TlsTimeoutException();

    public int GetSendLimit() => maxSendLength;

    public int Receive(byte[] buf, int off, int len, int waitMillis) => Receive(buf.AsSpan(off, len), waitMillis);

    /// <returns>A record's length, or −1 when nothing may pass yet; the caller then waits for what is left of its time.</returns>
    public int Receive(Span<byte> buffer, int waitMillis)
    {
        if (_afterHandshake)
        {
            var length = _lent.Length;
            _lent.CopyTo(buffer);
            _lent = [];
            return length > 0 ? length : -1;
        }

        Flush();
        return _incomingAt < _incomingEnd || ReceiveFromHost(waitMillis) ? TakeRecord(buffer) : -1;
    }

    public void Send(byte[] buf, int off, int len) => Send(buf.AsSpan(off, len));

    public void Send(ReadOnlySpan<byte> buffer)
    {
        if (buffer.Length > maxSendLength - _outgoingLength)
        {
            Flush();
        }

        if (_outgoing.Length == 0) _outgoing = new byte[maxSendLength];
        buffer.CopyTo(_outgoing.AsSpan(_outgoingLength));
        _outgoingLength += buffer.Length;
    }

    /// <summary>Sends what has gathered.</summary>
    public void Flush()
    {
        if (_outgoingLength > 0)
        {
            var length = _outgoingLength;
            _outgoingLength = 0;
            host.Send(_outgoing.AsSpan(0, length));
        }

        if (_afterHandshake) _outgoing = [];
    }

    public void Close() => Flush();

    private int TakeRecord(Span<byte> buffer)
    {
        ReadOnlySpan<byte> rest = _incoming.AsSpan(_incomingAt, _incomingEnd - _incomingAt);
        if (!DtlsRecord.TryRead(ref rest, out var record))
        {
            _incomingAt = _incomingEnd;
            return -1;
        }

        record.Bytes.CopyTo(buffer);
        _incomingAt += record.Bytes.Length;
        return record.Bytes.Length;
    }

    /// <summary>Puts into <see cref="_incoming"/> what may pass now: what was held, or a datagram of the host's.</summary>
    private bool ReceiveFromHost(int waitMillis)
    {
        _incomingAt = 0;
        _incomingEnd = _hold.Release(_incoming);
        if (_incomingEnd > 0)
        {
            return true;
        }

        var length = host.Receive(_incoming, TimeSpan.FromMilliseconds(Math.Max(1, waitMillis)));
        if (length == 0)
        {
            return false;
        }

        if (length < 0)
        {
            throw GiveUp(DtlsFailure.Closed);
        }

        var datagram = _incoming.AsSpan(0, length);
        var check = DtlsRecord.Check(datagram, out var fragments, remote);
        if (check == DtlsCheck.TooLarge || !_budget.TrySpend(length, fragments))
        {
            throw GiveUp(DtlsFailure.TooLarge);
        }

        if (check != DtlsCheck.Valid)
        {
            return false;
        }

        _incomingEnd = _hold.Filter(datagram);
        if (_incomingEnd == 0)
        {
            _incomingEnd = _hold.Release(_incoming);
        }

        return _incomingEnd > 0;
    }

    private TlsFatalAlert GiveUp(DtlsFailure failure)
    {
        Failure = failure;
        return new TlsFatalAlert(AlertDescription.user_canceled);
    }
}
