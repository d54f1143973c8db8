using Org.BouncyCastle.Tls;
using Parley.Media.Dtls;

namespace Parley.Media.Tests.Dtls;

public sealed class DtlsHandshakeTests
{
    [Fact]
    public void Both_sides_export_the_same_keys()
    {
        var client = new DtlsTestClient(DtlsPair.Client);

        var outcome = DtlsPair.Run(new DtlsLink(), client);

        Assert.True(outcome.Succeeded, outcome.ToString());
        Assert.Equal(DtlsKeys.AeadAes128Gcm, outcome.Keys.SrtpProfile);
        Assert.Equal(56, outcome.Keys.ExportedKeyingMaterial.Length);
        Assert.Equal(client.Keys!.ExportedKeyingMaterial, outcome.Keys.ExportedKeyingMaterial);
        Assert.Equal(DtlsPair.Server.Fingerprint, client.ServerFingerprint);
    }

    [Theory]
    [InlineData(new[] { 0x0002, 0x0001, 0x0007 }, 0x0007, 56)]
    [InlineData(new[] { 0x0002, 0x0008, 0x0001 }, 0x0001, 60)]
    public void Our_order_of_profiles_decides(int[] offered, int chosen, int length)
    {
        var client = new DtlsTestClient(DtlsPair.Client, offered);

        var outcome = DtlsPair.Run(new DtlsLink(), client);

        Assert.True(outcome.Succeeded, outcome.ToString());
        Assert.Equal(chosen, outcome.Keys.SrtpProfile);
        Assert.Equal(length, outcome.Keys.ExportedKeyingMaterial.Length);
        Assert.Equal(client.Keys!.ExportedKeyingMaterial, outcome.Keys.ExportedKeyingMaterial);
    }

    [Fact]
    public void A_flight_leaves_in_one_datagram()
    {
        var link = new DtlsLink();

        var outcome = DtlsPair.Run(link, PatientClient(), options: DtlsPair.Patient);

        Assert.True(outcome.Succeeded, outcome.ToString());
        Assert.Equal(2, link.Server.Sent.Count);
        Assert.All(link.Server.Sent, datagram => Assert.InRange(datagram.Length, 1, 1200));
    }

    [Fact]
    public void A_flight_longer_than_a_datagram_is_split()
    {
        var link = new DtlsLink();
        var options = DtlsHandshakeOptions.Default with { MaxSendLength = 300 };

        var outcome = DtlsPair.Run(link, new DtlsTestClient(DtlsPair.Client), options: options);

        Assert.True(outcome.Succeeded, outcome.ToString());
        Assert.All(link.Server.Sent, datagram => Assert.InRange(datagram.Length, 1, 300));
    }

    [Fact]
    public void A_hello_in_two_datagrams_is_understood()
    {
        var hellos = 0;
        var link = new DtlsLink(fromClient: (_, datagram) =>
        {
            hellos += DtlsRecord.IsClientHello(datagram) ? 1 : 0;
            return [datagram];
        });

        var outcome = DtlsPair.Run(link, PatientClient(padding: 1400), options: DtlsPair.Patient);

        Assert.True(outcome.Succeeded, outcome.ToString());
        Assert.Equal(2, hellos);
        Assert.Equal(2, link.Server.Sent.Count);
    }

    [Fact]
    public void The_second_half_of_a_hello_may_come_first()
    {
        byte[]? first = null;
        var link = new DtlsLink(fromClient: (index, datagram) =>
        {
            if (index == 0)
            {
                first = datagram;
                return [];
            }

            return index == 1 ? [datagram, first!] : [datagram];
        });

        var outcome = DtlsPair.Run(link, PatientClient(padding: 1400), options: DtlsPair.Patient);

        Assert.True(outcome.Succeeded, outcome.ToString());
        Assert.Equal(2, link.Server.Sent.Count);
    }

    [Fact]
    public void A_hello_fragmented_anew_with_overlaps_is_understood()
    {
        // As Firefox resends: other cuts than the first time, here every kind of overlap and the first part missing at first.
        var link = new DtlsLink(fromClient: (index, datagram) => index == 0
            ? HelloFragments.Cut(datagram, (500, 700), (450, 900), (0, 100), (50, 600), (550, 650), (850, int.MaxValue), (100, 1200))
            : [datagram]);

        var outcome = DtlsPair.Run(link, PatientClient(padding: 700), options: DtlsPair.Patient);

        Assert.True(outcome.Succeeded, outcome.ToString());
        Assert.Equal(2, link.Server.Sent.Count);
    }

    [Fact]
    public void Every_suite_of_ours_completes()
    {
        var client = new DtlsTestClient(DtlsPair.Client)
        {
            Suites = [CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384],
        };

        var outcome = DtlsPair.Run(new DtlsLink(), client);

        Assert.True(outcome.Succeeded, outcome.ToString());
        Assert.Equal(client.Keys!.ExportedKeyingMaterial, outcome.Keys.ExportedKeyingMaterial);
    }

    [Fact]
    public void A_remote_fingerprint_may_use_a_longer_hash()
    {
        var expected = DtlsFingerprint.Of(DtlsPair.Client.Certificate, DtlsHash.Sha512);

        var outcome = DtlsPair.Run(new DtlsLink(), new DtlsTestClient(DtlsPair.Client), expected);

        Assert.True(outcome.Succeeded, outcome.ToString());
    }

    private static DtlsTestClient PatientClient(int padding = 0) =>
        new(DtlsPair.Client, resendMillis: 8000) { Padding = padding };
}
