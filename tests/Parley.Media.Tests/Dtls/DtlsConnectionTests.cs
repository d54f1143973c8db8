using Org.BouncyCastle.Tls;
using Parley.Media.Dtls;

namespace Parley.Media.Tests.Dtls;

public sealed class DtlsConnectionTests
{
    [Fact]
    public void A_client_that_missed_our_last_flight_gets_it_again()
    {
        var (connection, link, lastFlight, _) = Connect();
        var before = link.Server.Sent.Count;

        foreach (var datagram in lastFlight.Resent)
        {
            connection.HandleDatagram(datagram, TimeSpan.Zero);
        }

        Assert.Equal(before + 1, link.Server.Sent.Count);
        Assert.Equal(DtlsConnectionState.Open, connection.State);
    }

    [Fact]
    public void Close_notify_of_the_client_is_noticed_and_answered()
    {
        var (connection, link, _, client) = Connect();
        var before = link.Server.Sent.Count;

        client.Transport!.Close();
        Deliver(link, connection);

        Assert.Equal(DtlsConnectionState.ClosedByPeer, connection.State);
        Assert.Equal(before + 1, link.Server.Sent.Count);
    }

    [Fact]
    public void Our_close_sends_close_notify_once()
    {
        var (connection, link, _, client) = Connect();
        var before = link.Server.Sent.Count;

        connection.Close();
        connection.Close();

        Assert.Equal(before + 1, link.Server.Sent.Count);
        Assert.Equal(DtlsConnectionState.Closed, connection.State);
        Assert.Equal(-1, client.Transport!.Receive(new byte[2048], 0, 2048, 1000));
        Assert.Equal((short)AlertDescription.close_notify, client.AlertReceived);
    }

    [Fact]
    public void Application_data_is_dropped_and_the_connection_stays_open()
    {
        var (connection, link, _, client) = Connect();

        client.Transport!.Send("hello"u8);
        Deliver(link, connection);

        Assert.Equal(DtlsConnectionState.Open, connection.State);
    }

    [Fact]
    public void Forged_records_neither_close_nor_answer()
    {
        var (connection, link, _, client) = Connect();
        var before = link.Server.Sent.Count;
        byte[] plaintextCloseNotify = [21, 0xFE, 0xFD, 0, 0, 0, 0, 0, 0, 1, 0, 0, 2, 1, 0];
        byte[] tooShortToBeProtected = [21, 0xFE, 0xFD, 0, 1, 0, 0, 0, 0, 1, 0, 0, 3, 1, 2, 3];
        var wrongTag = new byte[13 + 26];
        byte[] header = [21, 0xFE, 0xFD, 0, 1, 0, 0, 0, 0, 1, 0, 0, 26];
        header.CopyTo(wrongTag, 0);

        foreach (var forged in (byte[][])[plaintextCloseNotify, tooShortToBeProtected, wrongTag, [], [22], new byte[5000]])
        {
            Assert.Equal(DtlsConnectionState.Open, connection.HandleDatagram(forged, TimeSpan.Zero));
        }

        Assert.Equal(before, link.Server.Sent.Count);
        client.Transport!.Close();
        Deliver(link, connection);
        Assert.Equal(DtlsConnectionState.ClosedByPeer, connection.State);
    }

    [Fact]
    public void A_flood_is_not_decrypted_until_time_has_passed()
    {
        var (connection, link, _, client) = Connect();
        var wrongTag = new byte[13 + 26];
        byte[] header = [21, 0xFE, 0xFD, 0, 1, 0, 0, 0, 0, 1, 0, 0, 26];
        header.CopyTo(wrongTag, 0);
        for (var i = 0; i < 100; i++)
        {
            connection.HandleDatagram(wrongTag, TimeSpan.Zero);
        }

        client.Transport!.Close();
        var close = Take(link);

        Assert.Equal(DtlsConnectionState.Open, connection.HandleDatagram(close, TimeSpan.Zero));
        Assert.Equal(DtlsConnectionState.ClosedByPeer, connection.HandleDatagram(close, TimeSpan.FromSeconds(1)));
    }

    private static (DtlsConnection, DtlsLink, LastFlight, DtlsTestClient) Connect()
    {
        var flight = new LastFlight();
        var link = new DtlsLink(flight.FromClient, flight.FromServer);
        var client = new DtlsTestClient(DtlsPair.Client, resendMillis: 20);
        var thread = new Thread(() => client.Connect(link.Client));
        thread.Start();
        var outcome = DtlsServerHandshake.Run(DtlsPair.Server, DtlsPair.Client.Fingerprint, link.Server);
        Assert.True(outcome.Succeeded, outcome.ToString());
        flight.WaitForResend();
        flight.Open(link);
        thread.Join();
        Assert.Null(client.Error);
        flight.HearClient();
        return (outcome.Connection, link, flight, client);
    }

    private static void Deliver(DtlsLink link, DtlsConnection connection) =>
        connection.HandleDatagram(Take(link), TimeSpan.Zero);

    private static byte[] Take(DtlsLink link)
    {
        var buffer = new byte[4096];
        var length = link.Server.Receive(buffer, TimeSpan.FromSeconds(5));
        Assert.True(length > 0);
        return buffer[..length];
    }

    /// <summary>
    /// Keeps our last flight from the client until it has resent its own, and keeps what it resent. What it resends once more while ours is on
    /// its way is nobody's.
    /// </summary>
    private sealed class LastFlight
    {
        private const int FlightLength = 5;
        private const byte ChangeCipherSpec = 20;
        private readonly object _lock = new();
        private byte[]? _ours;
        private int _seen;
        private bool _opened;
        private bool _hearsClient;

        public List<byte[]> Resent { get; } = [];

        public IEnumerable<byte[]> FromClient(int index, byte[] datagram)
        {
            lock (_lock)
            {
                // The flight once, then the flight again; what comes after that is the test's own.
                if (DtlsRecord.IsClientHello(datagram))
                {
                    return [datagram];
                }

                _seen++;
                if (_seen is > FlightLength and <= 2 * FlightLength)
                {
                    Resent.Add(datagram);
                    Monitor.Pulse(_lock);
                    return [];
                }

                return _seen > 2 * FlightLength && !_hearsClient ? [] : [datagram];
            }
        }

        public IEnumerable<byte[]> FromServer(int index, byte[] datagram)
        {
            if (_opened || datagram[0] != ChangeCipherSpec)
            {
                return [datagram];
            }

            _ours = datagram;
            return [];
        }

        public void WaitForResend()
        {
            lock (_lock)
            {
                while (Resent.Count < FlightLength)
                {
                    Assert.True(Monitor.Wait(_lock, TimeSpan.FromSeconds(10)));
                }
            }
        }

        /// <summary>The client's handshake is over: it resends no more.</summary>
        public void HearClient()
        {
            lock (_lock)
            {
                _hearsClient = true;
            }
        }

        public void Open(DtlsLink link)
        {
            lock (_lock)
            {
                _opened = true;
            }

            link.SendToClient(_ours!);
        }
    }
}
