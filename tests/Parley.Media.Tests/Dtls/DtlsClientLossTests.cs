using CsCheck;
using Parley.Media.Dtls;

namespace Parley.Media.Tests.Dtls;

public sealed class DtlsClientLossTests
{
    // Small datagrams, so that flights have several: a hello of one, the server's first flight of three.
    private static readonly DtlsHandshakeOptions Small = DtlsPair.Quick with { MaxSendLength = 300 };

    public static TheoryData<bool, int> EachDatagram()
    {
        var data = new TheoryData<bool, int>();
        for (var i = 0; i < 4; i++)
        {
            data.Add(true, i);
            data.Add(false, i);
        }

        return data;
    }

    [Fact]
    public void Small_datagrams_make_flights_of_several()
    {
        var link = new DtlsLink();

        DtlsPair.RunBoth(link, options: DtlsPair.Patient with { MaxSendLength = 300 });

        Assert.Equal(3, link.Client.Sent.Count);
        Assert.Equal(4, link.Server.Sent.Count);
    }

    [Theory]
    [MemberData(nameof(EachDatagram))]
    public void Any_one_datagram_may_be_lost(bool fromClient, int lost) =>
        AssertCompletes(fromClient, (index, datagram) => index == lost ? [] : [datagram]);

    [Theory]
    [MemberData(nameof(EachDatagram))]
    public void Any_one_datagram_may_arrive_cut_short(bool fromClient, int cut) =>
        AssertCompletes(fromClient, (index, datagram) => [index == cut ? datagram[..(datagram.Length / 2)] : datagram]);

    [Theory]
    [MemberData(nameof(EachDatagram))]
    public void Garbage_may_arrive_before_any_datagram(bool fromClient, int before)
    {
        byte[] earlyChangeCipherSpec = [20, 0xFE, 0xFD, 0, 0, 0, 0, 0, 0, 0, 90, 0, 1, 1];
        byte[] forgedFinished = [22, 0xFE, 0xFD, 0, 1, 0, 0, 0, 0, 0, 91, 0, 40, .. new byte[40]];
        AssertCompletes(fromClient, (index, datagram) => index == before
            ? [[], [22], new byte[700], earlyChangeCipherSpec, forgedFinished, datagram[..^1], datagram]
            : [datagram]);
    }

    [Fact]
    public void A_Finished_may_overtake_its_ChangeCipherSpec()
    {
        var link = new DtlsLink(fromServer: (index, datagram) =>
        {
            var specLength = 13 + 1;
            return datagram[0] == 20 ? [datagram[specLength..], datagram[..specLength]] : [datagram];
        });

        var (client, _) = DtlsPair.RunBoth(link, options: DtlsPair.Patient);

        Assert.True(client.Succeeded, client.ToString());
        Assert.Equal(2, link.Client.Sent.Count);
    }

    [Fact]
    public void Loss_copies_and_reordering_do_not_stop_a_handshake() =>
        Gen.Int[0, int.MaxValue].Sample(
            seed =>
            {
                var link = new DtlsLink(LossyRule.Make(seed), LossyRule.Make(seed ^ 0x5A5A5A5A));

                var (client, server) = DtlsPair.RunBoth(link, options: Small);

                return client.Succeeded && server.Succeeded
                    && client.Keys.ExportedKeyingMaterial.AsSpan().SequenceEqual(server.Keys.ExportedKeyingMaterial);
            },
            iter: 40,
            threads: 1);

    private static void AssertCompletes(bool fromClient, DtlsLink.Rule rule)
    {
        var link = fromClient ? new DtlsLink(fromClient: rule) : new DtlsLink(fromServer: rule);

        var (client, server) = DtlsPair.RunBoth(link, options: Small);

        Assert.True(client.Succeeded, client.ToString());
        Assert.True(server.Succeeded, server.ToString());
        Assert.Equal(client.Keys.ExportedKeyingMaterial, server.Keys.ExportedKeyingMaterial);
    }
}
