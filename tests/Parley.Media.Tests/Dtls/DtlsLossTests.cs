using CsCheck;
using Parley.Media.Dtls;

namespace Parley.Media.Tests.Dtls;

public sealed class DtlsLossTests
{
    // A lossless handshake of this client: hello in two, certificate, key exchange, verify, change cipher spec, finished.
    private const int ClientDatagrams = 7;
    private const int ServerDatagrams = 2;

    public static TheoryData<bool, int> EachDatagram()
    {
        var data = new TheoryData<bool, int>();
        for (var i = 0; i < ClientDatagrams; i++)
        {
            data.Add(true, i);
        }

        for (var i = 0; i < ServerDatagrams; i++)
        {
            data.Add(false, i);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(EachDatagram))]
    public void Any_one_datagram_may_be_lost(bool fromClient, int lost)
    {
        IEnumerable<byte[]> Lose(int index, byte[] datagram) => index == lost ? [] : [datagram];
        var link = fromClient ? new DtlsLink(fromClient: Lose) : new DtlsLink(fromServer: Lose);
        var client = new DtlsTestClient(DtlsPair.Client, resendMillis: 20) { Padding = 1400 };

        var outcome = DtlsPair.Run(link, client, options: DtlsPair.Quick);

        Assert.True(outcome.Succeeded, outcome.ToString());
        Assert.Equal(client.Keys!.ExportedKeyingMaterial, outcome.Keys.ExportedKeyingMaterial);
    }

    [Fact]
    public void Loss_copies_and_reordering_do_not_stop_a_handshake() =>
        Gen.Int[0, int.MaxValue].Sample(
            seed =>
            {
                var link = new DtlsLink(LossyRule.Make(seed), LossyRule.Make(seed ^ 0x5A5A5A5A));
                var client = new DtlsTestClient(DtlsPair.Client, resendMillis: 10) { Padding = 1400 };

                var outcome = DtlsPair.Run(link, client, options: DtlsPair.Quick);

                return outcome.Succeeded
                    && outcome.Keys.ExportedKeyingMaterial.AsSpan().SequenceEqual(client.Keys!.ExportedKeyingMaterial);
            },
            iter: 40,
            threads: 1);
}
