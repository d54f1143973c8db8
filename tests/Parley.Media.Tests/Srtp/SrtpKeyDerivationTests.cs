using Parley.Media.Srtp;
using static Parley.Media.Tests.Srtp.SrtpVectors;

namespace Parley.Media.Tests.Srtp;

public sealed class SrtpKeyDerivationTests
{
    [Fact]
    public void Counter_mode_gives_the_keystream_of_RFC_3711_B2()
    {
        // 65282 blocks: more than the batches the implementation works in, and nearly all the counter has.
        var keystream = new byte[1_044_512];
        using var aes = new AesCounterMode(Hex("2B7E151628AED2A6ABF7158809CF4F3C"));
        aes.Apply(Hex("F0F1F2F3F4F5F6F7F8F9FAFBFCFD0000"), keystream);

        Assert.Equal(
            Hex("E03EAD0935C95E80E166B16DD92B4EB4 D23513162B02D0F72A43A2FE4A5F97AB 41E95B3BB0A2E8DD477901E4FCA894C0"),
            keystream[..48]);
        Assert.Equal(
            Hex("EC8CDF7398607CB0F2D21675EA9EA1E4 362B7C3C6773516318A077D7FC5073AE 6A2CC3787889374FBEB4C81B17BA6C44"),
            keystream[^48..]);
    }

    [Fact]
    public void Derives_the_keys_of_RFC_3711_B3()
    {
        Assert.Equal(
            Hex("C61E7A93744F39EE10734AFE3FF7A087"),
            SrtpCipherKeys.Derive(AppendixB3, SrtpKeyLabel.RtpEncryption, 16));
        Assert.Equal(
            Hex("30CBBC08863D8C85D49DB34A9AE1"),
            SrtpCipherKeys.Derive(AppendixB3, SrtpKeyLabel.RtpSalt, 14));
        Assert.Equal(
            Hex("""
                CEBE321F6FF7716B6FD4AB49AF256A15 6D38BAA48F0A0ACF3C34E2359E6CDBCE E049646C43D9327AD175578EF7227098
                6371C10C9A369AC2F94A8C5FBCDDDC25 6D6E919A48B610EF17C2041E47403576 6B68642C59BBFC2F34DB60DBDFB2
                """),
            SrtpCipherKeys.Derive(AppendixB3, SrtpKeyLabel.RtpAuthentication, 94));
    }

    [Fact]
    public void A_session_has_six_different_keys_of_the_profiles_lengths()
    {
        var keys = Keys(SrtpProfile.Aes128CmHmacSha1_80);

        byte[][] all = [keys.Rtp.Key, keys.Rtp.Auth, keys.Rtp.Salt, keys.Rtcp.Key, keys.Rtcp.Auth, keys.Rtcp.Salt];
        Assert.Equal([16, 20, 14, 16, 20, 14], all.Select(key => key.Length));
        Assert.Equal(6, all.Select(key => Convert.ToHexString(key.AsSpan(0, 14))).Distinct().Count());

        var gcm = Keys(SrtpProfile.AeadAes128Gcm);
        Assert.Equal((16, 0, 12), (gcm.Rtp.Key.Length, gcm.Rtp.Auth.Length, gcm.Rtp.Salt.Length));
    }

    [Theory]
    [MemberData(nameof(SrtpVectors.Profiles), MemberType = typeof(SrtpVectors))]
    public void The_export_is_split_as_client_key_server_key_client_salt_server_salt(SrtpProfile profile)
    {
        var exported = Enumerable.Range(0, profile.ExportLength).Select(i => (byte)i).ToArray();
        var material = SrtpKeyingMaterial.FromDtlsExport(profile, exported);

        byte[] joined = [.. material.Client.Key, .. material.Server.Key, .. material.Client.Salt, .. material.Server.Salt];
        Assert.Equal(exported, joined);
        Assert.Equal(profile.SaltLength, material.Server.Salt.Length);
        Assert.Throws<ArgumentException>(() => SrtpKeyingMaterial.FromDtlsExport(profile, exported.AsSpan(1)));
    }

    [Fact]
    public void Keys_do_not_show_when_printed()
    {
        Assert.Equal("SrtpMasterKey(Aes128CmHmacSha1_80)", AppendixB3.ToString());
        var material = new SrtpKeyingMaterial(SrtpProfile.Aes128CmHmacSha1_80, AppendixB3, AppendixB3);
        Assert.Equal("SrtpKeyingMaterial(Aes128CmHmacSha1_80)", material.ToString());
    }

    [Fact]
    public void A_key_of_another_profile_is_refused()
    {
        var key = AppendixB3;
        Assert.Throws<ArgumentException>(() => new SrtpMasterKey(SrtpProfile.AeadAes128Gcm, key.Key, key.Salt));
        Assert.Throws<ArgumentException>(() => new SrtpMasterKey(key.Profile, key.Salt, key.Salt));
        Assert.Throws<ArgumentException>(() => new SrtpMasterKey((SrtpProfile)2, key.Key, key.Salt));
    }
}
