using Parley.Media.Dtls;

namespace Parley.Media.Tests.Dtls;

public sealed class DtlsClientConnectionTests
{
    [Fact]
    public void Either_side_may_close_and_the_other_notices()
    {
        foreach (var clientCloses in new[] { true, false })
        {
            var (link, client, server) = Connect();
            if (clientCloses)
            {
                client.Close();
                Assert.Equal(DtlsConnectionState.ClosedByPeer, server.HandleDatagram(link.Client.Sent[^1], TimeSpan.Zero));
                Assert.Equal(DtlsConnectionState.Closed, client.State);
            }
            else
            {
                server.Close();
                Assert.Equal(DtlsConnectionState.ClosedByPeer, client.HandleDatagram(link.Server.Sent[^1], TimeSpan.Zero));
                Assert.Equal(DtlsConnectionState.Closed, server.State);
            }
        }
    }

    [Fact]
    public void A_server_that_resends_its_last_flight_is_not_answered()
    {
        var (link, client, _) = Connect();
        var before = link.Client.Sent.Count;

        foreach (var datagram in link.Server.Sent)
        {
            Assert.Equal(DtlsConnectionState.Open, client.HandleDatagram(datagram, TimeSpan.Zero));
        }

        Assert.Equal(before, link.Client.Sent.Count);
    }

    [Fact]
    public void A_replay_of_our_last_flight_is_not_answered()
    {
        var (link, _, server) = Connect();
        var before = link.Server.Sent.Count;

        server.HandleDatagram(link.Client.Sent[^1], TimeSpan.Zero);

        // The same record numbers again: a resend would have new ones.
        Assert.Equal(before, link.Server.Sent.Count);
    }

    [Fact]
    public void Forged_records_neither_close_nor_answer()
    {
        var (link, client, server) = Connect();
        var before = link.Client.Sent.Count;
        byte[] plaintextCloseNotify = [21, 0xFE, 0xFD, 0, 0, 0, 0, 0, 0, 1, 0, 0, 2, 1, 0];
        byte[] wrongTag = [21, 0xFE, 0xFD, 0, 1, 0, 0, 0, 0, 1, 0, 0, 26, .. new byte[26]];

        foreach (var forged in (byte[][])[plaintextCloseNotify, wrongTag, [], [22], new byte[5000]])
        {
            Assert.Equal(DtlsConnectionState.Open, client.HandleDatagram(forged, TimeSpan.Zero));
        }

        Assert.Equal(before, link.Client.Sent.Count);
        server.Close();
        Assert.Equal(DtlsConnectionState.ClosedByPeer, client.HandleDatagram(link.Server.Sent[^1], TimeSpan.Zero));
    }

    private static (DtlsLink, DtlsConnection Client, DtlsConnection Server) Connect()
    {
        var link = new DtlsLink();
        var (client, server) = DtlsPair.RunBoth(link, options: DtlsPair.Patient);
        Assert.True(client.Succeeded, client.ToString());
        Assert.True(server.Succeeded, server.ToString());
        return (link, client.Connection, server.Connection);
    }
}
