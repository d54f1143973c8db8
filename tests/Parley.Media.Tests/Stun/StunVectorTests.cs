using System.Net;
using System.Security.Cryptography;
using System.Text;
using Parley.Media.Stun;

namespace Parley.Media.Tests.Stun;

/// <summary>RFC 5769.</summary>
public sealed class StunVectorTests
{
    private const string LongTermUser = "マトリックス";

    private static byte[] LongTermKey
    {
        get
        {
#pragma warning disable CA5351 // RFC 8489 §9.2.2 makes long-term keys with MD5.
            return MD5.HashData(Encoding.UTF8.GetBytes(LongTermUser + ":example.org:TheMatrIX"));
#pragma warning restore CA5351
        }
    }

    [Fact]
    public void Reads_the_sample_request()
    {
        Assert.Equal(StunParseResult.Ok, StunMessage.TryParse(StunVectors.Request, out var message));

        Assert.Equal(StunClass.Request, message.Class);
        Assert.Equal(StunMethod.Binding, message.Method);
        Assert.Equal(StunVectors.TransactionId, message.TransactionId.ToArray());
        Assert.True(message.TryGetSoftware(out var software));
        Assert.Equal("STUN test client"u8.ToArray(), software.ToArray());
        Assert.True(message.TryGetUsername(out var username));
        Assert.Equal("evtj:h6vY"u8.ToArray(), username.ToArray());
        Assert.Equal(0x6e0001ffu, message.Priority);
        Assert.Equal(0x932ff9b151263b36u, message.IceControlled);
        Assert.Null(message.IceControlling);
        Assert.False(message.UseCandidate);
        Assert.Null(message.XorMappedAddress);
        Assert.True(message.HasFingerprint);
        Assert.True(message.VerifyIntegrity(StunVectors.ShortTermKey));
        Assert.False(message.VerifyIntegrity("VOkJxbRl1RmTxUk/WvJxBu"u8));
        Assert.Equal(0, message.CopyUnknownRequired(new ushort[4]));
    }

    [Fact]
    public void Reads_the_sample_IPv4_response() => AssertResponse(StunVectors.ResponseIPv4, "192.0.2.1");

    [Fact]
    public void Reads_the_sample_IPv6_response() =>
        AssertResponse(StunVectors.ResponseIPv6, "2001:db8:1234:5678:11:2233:4455:6677");

    [Fact]
    public void Reads_the_sample_request_with_long_term_credentials()
    {
        Assert.Equal(StunParseResult.Ok, StunMessage.TryParse(StunVectors.LongTermRequest, out var message));

        Assert.True(message.TryGetUsername(out var username));
        Assert.Equal(LongTermUser, Encoding.UTF8.GetString(username));
        Assert.True(message.TryGetAttribute(StunAttribute.Realm, out var realm));
        Assert.Equal("example.org"u8.ToArray(), realm.ToArray());
        Assert.True(message.VerifyIntegrity(LongTermKey));
        Assert.False(message.HasFingerprint);
    }

    [Fact]
    public void Writes_the_sample_request_with_long_term_credentials()
    {
        var writer = new StunWriter(
            new byte[256], StunClass.Request, StunMethod.Binding, Convert.FromHexString("78ad3433c6ad72c029da412e"));
        writer.WriteUsername(Encoding.UTF8.GetBytes(LongTermUser));
        writer.Write(StunAttribute.Nonce, "f//499k954d6OL34oL9FSTvy64sA"u8);
        writer.Write(StunAttribute.Realm, "example.org"u8);
        writer.WriteIntegrity(LongTermKey);

        Assert.Equal(StunVectors.LongTermRequest, writer.Written.ToArray());
    }

    [Fact]
    public void Writes_what_the_sample_responses_hold()
    {
        // The RFC pads with blanks where we pad with zeros, so address and checks are compared and not the bytes.
        foreach (var address in new[] { "192.0.2.1", "2001:db8:1234:5678:11:2233:4455:6677" })
        {
            var mapped = TransportAddress.From(new IPEndPoint(IPAddress.Parse(address), 32853));
            var writer = new StunWriter(
                new byte[128], StunClass.SuccessResponse, StunMethod.Binding, StunVectors.TransactionId);
            writer.WriteSoftware("test vector"u8);
            writer.WriteXorMappedAddress(mapped);
            writer.WriteIntegrity(StunVectors.ShortTermKey);
            writer.WriteFingerprint();

            var expected = mapped.IsIPv4 ? StunVectors.ResponseIPv4 : StunVectors.ResponseIPv6;
            Assert.Equal(expected.Length, writer.Length);
            Assert.Equal(expected[36..^32], writer.Written[36..^32].ToArray());
            AssertResponse(writer.Written.ToArray(), address);
        }
    }

    [Fact]
    public void A_changed_bit_anywhere_is_noticed()
    {
        for (var at = 0; at < StunVectors.Request.Length; at++)
        {
            var damaged = StunVectors.Request;
            damaged[at] ^= 0x10;

            // Only a fingerprint that is not one any more leaves a message: without fingerprint, so ours but for the CRC.
            var parsed = StunMessage.TryParse(damaged, out var message) == StunParseResult.Ok;
            Assert.False(parsed && message.HasFingerprint);
            Assert.False(parsed && at < damaged.Length - 8);
        }
    }

    private static void AssertResponse(byte[] bytes, string address)
    {
        Assert.Equal(StunParseResult.Ok, StunMessage.TryParse(bytes, out var message));

        Assert.Equal(StunClass.SuccessResponse, message.Class);
        Assert.Equal(StunMethod.Binding, message.Method);
        Assert.Equal(new IPEndPoint(IPAddress.Parse(address), 32853), message.XorMappedAddress!.Value.ToEndPoint());
        Assert.True(message.TryGetSoftware(out var software));
        Assert.Equal("test vector"u8.ToArray(), software.ToArray());
        Assert.True(message.HasFingerprint);
        Assert.True(message.VerifyIntegrity(StunVectors.ShortTermKey));
    }
}
