using Org.BouncyCastle.Tls;

namespace Parley.Media.Dtls;

/// <summary>Where an association stands.</summary>
public enum DtlsConnectionState
{
    /// <summary>Keys are good.</summary>
    Open,

    /// <summary>The peer sent close_notify or a fatal alert: it has left.</summary>
    ClosedByPeer,

    /// <summary>We closed it.</summary>
    Closed,
}

/// <summary>
/// A DTLS association after its handshake, in either role. As the server it answers a client that resends its last flight
/// because ours was lost (RFC 6347 §4.2.4). It notices close_notify and sends ours. There is no data channel, so application data is dropped.
/// Not safe for several threads at once: the host calls it one at a time.
/// </summary>
public sealed class DtlsConnection
{
    // A peer that lost our flight sends a few records a second; a flood would only buy failed decryptions.
    private const int Burst = 32;
    private static readonly TimeSpan Refill = TimeSpan.FromMilliseconds(50);

    private readonly DtlsTransport _transport;
    private readonly DatagramFlights _flights;
    private readonly DtlsTerms _terms;
    private readonly DtlsRole _remote;
    private int _allowance = Burst;
    private TimeSpan _refilled = TimeSpan.MinValue;

    internal DtlsConnection(DtlsTransport transport, DatagramFlights flights, DtlsTerms terms, DtlsRole remote) =>
        (_transport, _flights, _terms, _remote) = (transport, flights, terms, remote);

    /// <summary>Where the association stands.</summary>
    public DtlsConnectionState State { get; private set; }

    /// <summary>
    /// Takes one datagram from the peer; replies leave by the host's <see cref="IDtlsDatagrams.Send"/>.
    /// Bytes that are no records, fail to decrypt or come too fast are dropped.
    /// </summary>
    /// <param name="datagram">What came, any bytes.</param>
    /// <param name="now">Monotonic, of any origin.</param>
    /// <returns>The state after it.</returns>
    public DtlsConnectionState HandleDatagram(ReadOnlySpan<byte> datagram, TimeSpan now)
    {
        if (!DtlsRecord.TryValidate(datagram, _remote))
        {
            return State;
        }

        while (State == DtlsConnectionState.Open && DtlsRecord.TryRead(ref datagram, out var record))
        {
            if (Concerns(record) && TrySpend(now))
            {
                Process(record);
            }
        }

        return State;
    }

    /// <summary>Sends close_notify (RFC 5246 §7.2.1), once.</summary>
    public void Close()
    {
        if (State == DtlsConnectionState.Open)
        {
            State = DtlsConnectionState.Closed;
            _transport.Close();
            _flights.Flush();
        }
    }

    // A client's flight makes BouncyCastle resend ours, when all of it came again: the one thing of epoch 0 that matters
    // still. A server that resends its last flight has not noticed that it was the last.
    private bool Concerns(in DtlsRecord record) => record.ContentType switch
    {
        DtlsRecord.Handshake => _remote == DtlsRole.Client
            && (record.Epoch == 1 || record.Fragment[0] != DtlsRecord.ClientHello),
        DtlsRecord.Alert => record.Epoch == 1,
        _ => false,
    };

    private void Process(in DtlsRecord record)
    {
        _flights.Lend(record.Bytes);
        try
        {
            // Only application data is ever copied out, and none gets here.
            _transport.Receive([], (int)Refill.TotalMilliseconds);
        }
        catch (TlsTimeoutException)
        {
            // The record has been dealt with: see DatagramFlights.GetReceiveLimit.
        }
        catch (IOException)
        {
            // A fatal alert of the peer's, or one of ours in answer to what it authenticated: it is over either way.
            State = DtlsConnectionState.ClosedByPeer;
        }

        _flights.Flush();
        if (_terms.AlertReceived == AlertDescription.close_notify)
        {
            State = DtlsConnectionState.ClosedByPeer;
        }
    }

    private bool TrySpend(TimeSpan now)
    {
        if (_refilled == TimeSpan.MinValue)
        {
            _refilled = now;
        }

        var earned = (int)Math.Min((now - _refilled) / Refill, Burst);
        if (earned > 0)
        {
            _allowance = Math.Min(_allowance + earned, Burst);
            _refilled = now;
        }

        if (_allowance == 0)
        {
            return false;
        }

        _allowance--;
        return true;
    }
}
