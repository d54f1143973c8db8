using System.Security.Cryptography;
using Org.BouncyCastle.Tls;
using Parley.Media.Dtls;
using Parley.Media.Srtp;

namespace Parley.Media.Tests.Dtls;

public sealed class DtlsClientHandshakeTests
{
    [Fact]
    public void Our_client_and_our_server_export_the_same_keys()
    {
        var (client, server) = DtlsPair.RunBoth(new DtlsLink());

        Assert.True(client.Succeeded, client.ToString());
        Assert.True(server.Succeeded, server.ToString());
        Assert.Equal(DtlsKeys.AeadAes128Gcm, client.Keys.SrtpProfile);
        Assert.Equal(server.Keys.SrtpProfile, client.Keys.SrtpProfile);
        Assert.Equal(server.Keys.ExportedKeyingMaterial, client.Keys.ExportedKeyingMaterial);
    }

    [Fact]
    public void What_the_client_protects_with_its_half_the_server_reads_with_the_same()
    {
        var (client, server) = DtlsPair.RunBoth(new DtlsLink());
        var ours = SrtpKeyingMaterial.FromDtlsExport(SrtpProfile.AeadAes128Gcm, client.Keys!.ExportedKeyingMaterial);
        var theirs = SrtpKeyingMaterial.FromDtlsExport(SrtpProfile.AeadAes128Gcm, server.Keys!.ExportedKeyingMaterial);
        byte[] packet = [0x80, 96, 0, 1, 0, 0, 0, 0, 0, 0, 0, 7, .. "media"u8];

        foreach (var (sends, receives) in new[] { (ours.Client, theirs.Client), (theirs.Server, ours.Server) })
        {
            var wire = new byte[64];
            packet.CopyTo(wire, 0);
            using var outbound = new SrtpOutboundStream(new SrtpSessionKeys(sends));
            using var inbound = new SrtpInbound(new SrtpSessionKeys(receives));
            var length = outbound.Protect(wire, packet.Length, index: 1);
            Assert.NotEqual(packet, wire[..packet.Length]);
            Assert.Equal(SrtpUnprotectResult.Ok, inbound.TryUnprotect(wire.AsSpan(0, length), out var plain, out _));
            Assert.Equal(packet, wire[..plain]);
        }

        Assert.NotEqual(ours.Client.Key.ToArray(), ours.Server.Key.ToArray());
    }

    [Fact]
    public void The_whole_handshake_takes_two_datagrams_each_way()
    {
        var link = new DtlsLink();

        var (client, _) = DtlsPair.RunBoth(link, options: DtlsPair.Patient);

        Assert.True(client.Succeeded, client.ToString());
        Assert.Equal(2, link.Client.Sent.Count);
        Assert.Equal(2, link.Server.Sent.Count);
        Assert.All(link.Client.Sent, datagram => Assert.InRange(datagram.Length, 1, 1200));
    }

    [Fact]
    public void A_flight_longer_than_a_datagram_is_split()
    {
        var link = new DtlsLink();

        var (client, _) = DtlsPair.RunBoth(link, options: DtlsHandshakeOptions.Default with { MaxSendLength = 300 });

        Assert.True(client.Succeeded, client.ToString());
        Assert.All(link.Client.Sent, datagram => Assert.InRange(datagram.Length, 1, 300));
    }

    [Theory]
    [InlineData((int)DtlsKeys.AeadAes128Gcm)]
    [InlineData((int)DtlsKeys.Aes128CmHmacSha1Tag80)]
    public void The_server_chooses_among_our_profiles(int profile)
    {
        var server = new DtlsTestServer { Profiles = [profile] };

        var outcome = DtlsPair.Run(new DtlsLink(), server);

        Assert.True(outcome.Succeeded, outcome.ToString());
        Assert.Equal([DtlsKeys.AeadAes128Gcm, DtlsKeys.Aes128CmHmacSha1Tag80], server.Offered);
        Assert.Equal(profile, outcome.Keys.SrtpProfile);
        Assert.Equal(server.Exported, outcome.Keys.ExportedKeyingMaterial);
        Assert.Equal(DtlsPair.Client.Fingerprint, server.ClientFingerprint);
    }

    [Theory]
    [InlineData(CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256)]
    [InlineData(CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384)]
    public void Every_suite_of_ECDSA_completes(int suite)
    {
        var outcome = DtlsPair.Run(new DtlsLink(), new DtlsTestServer { Suites = [suite] });

        Assert.True(outcome.Succeeded, outcome.ToString());
    }

    [Theory]
    [InlineData(CipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256)]
    [InlineData(CipherSuite.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384)]
    public void A_server_may_show_an_RSA_certificate(int suite)
    {
        using var rsa = RSA.Create(2048);
        var server = new DtlsTestServer { Rsa = rsa, Suites = [suite] };

        var outcome = DtlsPair.Run(new DtlsLink(), server, server.Fingerprint);

        Assert.True(outcome.Succeeded, outcome.ToString());
        Assert.Equal(server.Exported, outcome.Keys.ExportedKeyingMaterial);
        Assert.Equal(DtlsPair.Client.Fingerprint, server.ClientFingerprint);
    }

    [Fact]
    public void A_HelloVerifyRequest_is_answered_with_its_cookie()
    {
        var link = new DtlsLink();

        var outcome = DtlsPair.Run(link, new DtlsTestServer { VerifiesHello = true }, options: DtlsPair.Patient);

        Assert.True(outcome.Succeeded, outcome.ToString());
        Assert.Equal(3, link.Client.Sent.Count);
    }

    [Fact]
    public void A_server_that_asks_for_no_certificate_gets_none()
    {
        var server = new DtlsTestServer { AsksForCertificate = false };

        var outcome = DtlsPair.Run(new DtlsLink(), server);

        Assert.True(outcome.Succeeded, outcome.ToString());
        Assert.Null(server.ClientFingerprint);
    }

    [Fact]
    public void An_expired_certificate_is_as_good_as_any_when_its_fingerprint_is_right()
    {
        // RFC 8827 §6.5: what is trusted is the fingerprint.
        using var expired = DtlsIdentity.Create(DtlsPair.Now.AddYears(-20), TimeSpan.FromDays(1));
        var link = new DtlsLink();
        DtlsOutcome? server = null;
        var thread = new Thread(() => server = DtlsServerHandshake.Run(expired, DtlsPair.Client.Fingerprint, link.Server, DtlsPair.Patient));
        thread.Start();

        var client = DtlsClientHandshake.Run(DtlsPair.Client, expired.Fingerprint, link.Client, DtlsPair.Patient);

        thread.Join();
        Assert.True(client.Succeeded, client.ToString());
        Assert.True(server!.Succeeded, server.ToString());
    }

    [Fact]
    public void A_remote_fingerprint_may_use_a_longer_hash()
    {
        var expected = DtlsFingerprint.Of(DtlsPair.Server.Certificate, DtlsHash.Sha512);

        var (client, _) = DtlsPair.RunBoth(new DtlsLink(), expected);

        Assert.True(client.Succeeded, client.ToString());
    }
}
