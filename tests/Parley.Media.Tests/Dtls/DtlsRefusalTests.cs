using Org.BouncyCastle.Tls;
using Parley.Media.Dtls;

namespace Parley.Media.Tests.Dtls;

public sealed class DtlsRefusalTests
{
    [Fact]
    public void Refuses_a_certificate_other_than_the_promised()
    {
        var client = new DtlsTestClient(DtlsPair.Client);

        var outcome = DtlsPair.Run(new DtlsLink(), client, expected: DtlsPair.Server.Fingerprint);

        AssertRefused(outcome, DtlsFailure.FingerprintMismatch, AlertDescription.bad_certificate, client);
    }

    [Fact]
    public void Refuses_a_client_without_a_certificate()
    {
        var client = new DtlsTestClient(certificate: null);

        var outcome = DtlsPair.Run(new DtlsLink(), client);

        AssertRefused(outcome, DtlsFailure.NoClientCertificate, AlertDescription.handshake_failure, client);
    }

    [Theory]
    [InlineData(new int[0])]
    [InlineData(new[] { 0x0002 })]
    public void Refuses_a_client_without_a_profile_of_ours(int[] profiles)
    {
        var client = new DtlsTestClient(DtlsPair.Client, profiles);

        var outcome = DtlsPair.Run(new DtlsLink(), client);

        AssertRefused(outcome, DtlsFailure.NoCommonSrtpProfile, AlertDescription.handshake_failure, client);
    }

    [Fact]
    public void Refuses_a_client_without_extended_master_secret()
    {
        var client = new DtlsTestClient(DtlsPair.Client) { OffersExtendedMasterSecret = false };

        var outcome = DtlsPair.Run(new DtlsLink(), client);

        AssertRefused(outcome, DtlsFailure.NoExtendedMasterSecret, AlertDescription.handshake_failure, client);
    }

    [Fact]
    public void Refuses_a_client_with_no_suite_of_ours()
    {
        var client = new DtlsTestClient(DtlsPair.Client)
        {
            Suites = [CipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256],
        };

        var outcome = DtlsPair.Run(new DtlsLink(), client);

        AssertRefused(outcome, DtlsFailure.NoCommonCipherSuite, AlertDescription.handshake_failure, client);
    }

    [Fact]
    public void Refuses_a_client_of_DTLS_1_0()
    {
        var client = new DtlsTestClient(DtlsPair.Client)
        {
            Versions = ProtocolVersion.DTLSv10.Only(),
            Suites = [CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA],
        };

        var outcome = DtlsPair.Run(new DtlsLink(), client);

        AssertRefused(outcome, DtlsFailure.UnsupportedVersion, AlertDescription.protocol_version, client);
    }

    [Fact]
    public void Refuses_a_certificate_whose_key_the_client_does_not_hold()
    {
        // The certificate is the promised one, but the CertificateVerify is signed by another key.
        var client = new DtlsTestClient(DtlsPair.Client) { Signer = DtlsPair.Server };

        var outcome = DtlsPair.Run(new DtlsLink(), client);

        AssertRefused(outcome, DtlsFailure.ProtocolError, AlertDescription.decrypt_error, client);
    }

    [Fact]
    public void Names_the_alert_of_a_client_that_gives_up()
    {
        byte[] fatalHandshakeFailure = [21, 0xFE, 0xFD, 0, 0, 0, 0, 0, 0, 0, 9, 0, 2, 2, 40];
        var link = new DtlsLink();
        link.Client.Inject(fatalHandshakeFailure);

        var outcome = DtlsServerHandshake.Run(DtlsPair.Server, DtlsPair.Client.Fingerprint, link.Server);

        Assert.Equal(DtlsFailure.AlertReceived, outcome.Failure);
        Assert.Equal((byte)AlertDescription.handshake_failure, outcome.Alert);
        Assert.Empty(link.Server.Sent);
    }

    [Fact]
    public void A_silent_peer_times_out()
    {
        var options = DtlsHandshakeOptions.Default with { Timeout = TimeSpan.FromMilliseconds(20) };

        var outcome = DtlsServerHandshake.Run(DtlsPair.Server, DtlsPair.Client.Fingerprint, new DtlsLink().Server, options);

        Assert.Equal(DtlsFailure.Timeout, outcome.Failure);
    }

    [Fact]
    public void A_host_may_give_up()
    {
        var link = new DtlsLink();
        link.Close();

        var outcome = DtlsServerHandshake.Run(DtlsPair.Server, DtlsPair.Client.Fingerprint, link.Server);

        Assert.Equal(DtlsFailure.Closed, outcome.Failure);
        Assert.Empty(link.Server.Sent);
    }

    private static void AssertRefused(DtlsOutcome outcome, DtlsFailure failure, short alert, DtlsTestClient client)
    {
        Assert.Equal(failure, outcome.Failure);
        Assert.False(outcome.Succeeded);
        Assert.Null(outcome.Keys);
        Assert.Equal((byte)alert, outcome.Alert);
        Assert.Equal(alert, client.AlertReceived);
        Assert.NotNull(client.Error);
    }
}
