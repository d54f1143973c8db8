using System.Buffers.Binary;
using System.Security.Cryptography;
using Org.BouncyCastle.Tls;
using Parley.Media.Dtls;

namespace Parley.Media.Tests.Dtls;

public sealed class DtlsClientRefusalTests
{
    [Fact]
    public void Refuses_a_certificate_other_than_the_promised()
    {
        var (client, server) = DtlsPair.RunBoth(new DtlsLink(), expectedServer: DtlsPair.Client.Fingerprint);

        AssertRefused(client, DtlsFailure.FingerprintMismatch, AlertDescription.bad_certificate);
        Assert.Equal(DtlsFailure.AlertReceived, server.Failure);
        Assert.Equal((byte)AlertDescription.bad_certificate, server.Alert);
    }

    [Fact]
    public void A_server_that_refuses_our_certificate_is_named()
    {
        var (client, server) = DtlsPair.RunBoth(new DtlsLink(), expectedClient: DtlsPair.Server.Fingerprint);

        Assert.Equal(DtlsFailure.FingerprintMismatch, server.Failure);
        Assert.Equal(DtlsFailure.AlertReceived, client.Failure);
        Assert.Equal((byte)AlertDescription.bad_certificate, client.Alert);
    }

    [Fact]
    public void Refuses_a_server_without_use_srtp()
    {
        var server = new DtlsTestServer { Profiles = [] };

        var outcome = DtlsPair.Run(new DtlsLink(), server);

        AssertRefused(outcome, DtlsFailure.NoCommonSrtpProfile, AlertDescription.handshake_failure);
    }

    [Theory]
    [InlineData(new[] { 0x0002 })]
    [InlineData(new[] { 0x0007, 0x0001 })]
    public void Refuses_a_choice_that_is_none_of_ours(int[] profiles)
    {
        var outcome = DtlsPair.Run(new DtlsLink(), new DtlsTestServer { Profiles = profiles });

        AssertRefused(outcome, DtlsFailure.NoCommonSrtpProfile, AlertDescription.handshake_failure);
    }

    [Fact]
    public void Refuses_an_MKI_that_was_not_offered()
    {
        var outcome = DtlsPair.Run(new DtlsLink(), new DtlsTestServer { Mki = [1, 2] });

        AssertRefused(outcome, DtlsFailure.NoCommonSrtpProfile, AlertDescription.handshake_failure);
    }

    [Fact]
    public void Refuses_a_server_without_extended_master_secret()
    {
        var outcome = DtlsPair.Run(new DtlsLink(), new DtlsTestServer { AgreesToExtendedMasterSecret = false });

        AssertRefused(outcome, DtlsFailure.NoExtendedMasterSecret, AlertDescription.handshake_failure);
    }

    [Fact]
    public void A_server_that_refuses_our_version_is_named()
    {
        var outcome = DtlsPair.Run(new DtlsLink(), new DtlsTestServer { RefusesVersion = true });

        AssertRefused(outcome, DtlsFailure.UnsupportedVersion, AlertDescription.protocol_version);
    }

    [Fact]
    public void Refuses_a_server_that_chooses_DTLS_1_0()
    {
        var link = new DtlsLink(fromServer: (index, datagram) =>
        {
            for (var at = 0; at < datagram.Length; at += 13 + BinaryPrimitives.ReadUInt16BigEndian(datagram.AsSpan(at + 11)))
            {
                datagram[at + 2] = 0xFF;
            }

            // And the version in the ServerHello, behind the headers of record and message.
            datagram[13 + 12 + 1] = 0xFF;
            return [datagram];
        });

        var (client, _) = DtlsPair.RunBoth(link);

        AssertRefused(client, DtlsFailure.UnsupportedVersion, AlertDescription.protocol_version);
    }

    [Fact]
    public void A_server_with_no_suite_of_ours_is_named()
    {
        var server = new DtlsTestServer { Suites = [CipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256] };

        var outcome = DtlsPair.Run(new DtlsLink(), server);

        AssertRefused(outcome, DtlsFailure.AlertReceived, AlertDescription.handshake_failure);
    }

    [Fact]
    public void Refuses_a_certificate_whose_key_the_server_does_not_hold()
    {
        var outcome = DtlsPair.Run(new DtlsLink(), new DtlsTestServer { Signer = DtlsPair.Client });

        AssertRefused(outcome, DtlsFailure.ProtocolError, AlertDescription.decrypt_error);
    }

    [Fact]
    public void Refuses_a_key_that_is_out_of_bounds()
    {
        using var rsa = RSA.Create(1024);
        var server = new DtlsTestServer { Rsa = rsa };

        var outcome = DtlsPair.Run(new DtlsLink(), server, server.Fingerprint);

        AssertRefused(outcome, DtlsFailure.UnsupportedCertificate, AlertDescription.unsupported_certificate);
    }

    [Fact]
    public void A_silent_server_times_out_after_our_hello_was_resent()
    {
        var options = new DtlsHandshakeOptions
        {
            Timeout = TimeSpan.FromMilliseconds(60),
            InitialResend = TimeSpan.FromMilliseconds(5),
        };
        var link = new DtlsLink();

        var outcome = DtlsClientHandshake.Run(DtlsPair.Client, DtlsPair.Server.Fingerprint, link.Client, options);

        Assert.Equal(DtlsFailure.Timeout, outcome.Failure);
        Assert.InRange(link.Client.Sent.Count, 2, 12);
        Assert.All(link.Client.Sent, datagram => Assert.True(DtlsRecord.IsClientHello(datagram)));
    }

    [Fact]
    public void A_host_may_give_up()
    {
        var link = new DtlsLink();
        link.Close();

        var outcome = DtlsClientHandshake.Run(DtlsPair.Client, DtlsPair.Server.Fingerprint, link.Client);

        Assert.Equal(DtlsFailure.Closed, outcome.Failure);
    }

    [Fact]
    public void Options_out_of_range_are_the_callers_mistake()
    {
        var link = new DtlsLink();

        Assert.Throws<ArgumentOutOfRangeException>(() => DtlsClientHandshake.Run(
            DtlsPair.Client, DtlsPair.Server.Fingerprint, link.Client, new DtlsHandshakeOptions { MaxSendLength = 100 }));
        Assert.Empty(link.Client.Sent);
    }

    private static void AssertRefused(DtlsOutcome outcome, DtlsFailure failure, short alert)
    {
        Assert.Equal(failure, outcome.Failure);
        Assert.False(outcome.Succeeded);
        Assert.Null(outcome.Keys);
        Assert.Equal((byte)alert, outcome.Alert);
    }
}
