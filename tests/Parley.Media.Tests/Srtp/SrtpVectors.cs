using Parley.Media.Srtp;

namespace Parley.Media.Tests.Srtp;

/// <summary>Keys and packets the SRTP tests share.</summary>
internal static class SrtpVectors
{
    public static readonly TheoryData<SrtpProfile> Profiles = [SrtpProfile.Aes128CmHmacSha1_80, SrtpProfile.AeadAes128Gcm];

    /// <summary>Hexadecimal with blanks, as RFCs print it.</summary>
    public static byte[] Hex(string text) => Convert.FromHexString(string.Concat(text.Where(c => !char.IsWhiteSpace(c))));

    /// <summary>RFC 3711 §B.3.</summary>
    public static SrtpMasterKey AppendixB3 => new(
        SrtpProfile.Aes128CmHmacSha1_80, Hex("E1F97A0D3E018BE0D64FA32C06DE4139"), Hex("0EC675AD498AFEEBB6960B3AABE6"));

    /// <summary>Some keys of a profile.</summary>
    public static SrtpSessionKeys Keys(SrtpProfile profile, int seed = 1)
    {
        var random = RandomSource.Seeded(seed);
        var key = new byte[profile.KeyLength];
        var salt = new byte[profile.SaltLength];
        random.Fill(key);
        random.Fill(salt);
        return new SrtpSessionKeys(new SrtpMasterKey(profile, key, salt));
    }

    /// <summary>An RTP packet with a 12-byte header.</summary>
    public static byte[] RtpOf(uint ssrc, ushort sequence, int payloadLength)
    {
        var packet = new byte[12 + payloadLength];
        packet[0] = 0x80;
        packet[1] = 96;
        packet[2] = (byte)(sequence >> 8);
        packet[3] = (byte)sequence;
        packet[8] = (byte)(ssrc >> 24);
        packet[9] = (byte)(ssrc >> 16);
        packet[10] = (byte)(ssrc >> 8);
        packet[11] = (byte)ssrc;
        for (var i = 12; i < packet.Length; i++)
        {
            packet[i] = (byte)(i * 7);
        }

        return packet;
    }

    /// <summary>An RTCP receiver report without blocks, padded by an application packet to the length.</summary>
    public static byte[] RtcpOf(uint ssrc, int length)
    {
        var packet = new byte[length];
        packet[0] = 0x80;
        packet[1] = 201;
        packet[3] = 1;
        packet[4] = (byte)(ssrc >> 24);
        packet[5] = (byte)(ssrc >> 16);
        packet[6] = (byte)(ssrc >> 8);
        packet[7] = (byte)ssrc;
        for (var i = 8; i < length; i++)
        {
            packet[i] = (byte)(i * 5);
        }

        return packet;
    }

    /// <summary>The packet protected, in an array of its own.</summary>
    public static byte[] Protect(SrtpOutboundStream stream, byte[] rtp, long index)
    {
        var buffer = new byte[rtp.Length + SrtpOutboundStream.MaxOverhead];
        rtp.CopyTo(buffer, 0);
        return buffer[..stream.Protect(buffer, rtp.Length, index)];
    }

    /// <summary>The packet protected, in an array of its own.</summary>
    public static byte[] Protect(SrtcpOutbound outbound, byte[] rtcp)
    {
        var buffer = new byte[rtcp.Length + SrtcpOutbound.MaxOverhead];
        rtcp.CopyTo(buffer, 0);
        return buffer[..outbound.Protect(buffer, rtcp.Length)];
    }
}
