using CsCheck;
using Parley.Media.Stun;

namespace Parley.Media.Tests.Stun;

/// <summary>The attributes of RFC 8656 §18 and of long-term credentials.</summary>
public sealed class TurnAttributeTests
{
    private static readonly Gen<TransportAddress> Address =
        Gen.Select(Gen.Bool, Gen.ULong, Gen.ULong, Gen.UShort).Select((ipv4, high, low, port) => ipv4
            ? TransportAddress.FromIPv4((uint)low, port)
            : new TransportAddress(((UInt128)(high | 1) << 64) | low, port));

    [Fact]
    public void Reads_what_it_writes() =>
        Gen.Select(Address, Address, Gen.UInt, Gen.UShort, Gen.Byte.Array[0, 700], Gen.Byte.Array[0, 300]).Sample(
            (peer, relayed, lifetime, channel, data, quoted) =>
            {
                var writer = new StunWriter(new byte[2048], StunClass.Request, StunMethod.Allocate, new byte[12]);
                writer.WriteXorPeerAddress(peer);
                writer.WriteXorRelayedAddress(relayed);
                writer.WriteLifetime(lifetime);
                writer.WriteChannelNumber(channel);
                writer.WriteRequestedTransport(17);
                writer.WriteRequestedAddressFamily(2);
                writer.WriteRealm(quoted);
                writer.WriteNonce(quoted);
                writer.WriteData(data);

                return StunMessage.TryParse(writer.Written, out var message) == StunParseResult.Ok
                    && message.XorPeerAddress == peer
                    && message.XorRelayedAddress == relayed
                    && message.Lifetime == lifetime
                    && message.ChannelNumber == channel
                    && message.RequestedTransport == 17
                    && message.RequestedAddressFamily == 2
                    && message.TryGetRealm(out var realm) && realm.SequenceEqual(quoted)
                    && message.TryGetNonce(out var nonce) && nonce.SequenceEqual(quoted)
                    && message.TryGetData(out var read) && read.SequenceEqual(data)
                    && message.CopyUnknownRequired(stackalloc ushort[4]) == 0;
            });

    [Theory]
    [InlineData(StunAttribute.Lifetime, 3)]
    [InlineData(StunAttribute.ChannelNumber, 2)]
    [InlineData(StunAttribute.RequestedTransport, 1)]
    [InlineData(StunAttribute.RequestedAddressFamily, 8)]
    [InlineData(StunAttribute.XorPeerAddress, 4)]
    [InlineData(StunAttribute.XorRelayedAddress, 12)]
    [InlineData(StunAttribute.Realm, 764)]
    [InlineData(StunAttribute.Nonce, 764)]
    public void A_value_of_the_wrong_length_is_refused(StunAttribute type, int length)
    {
        var writer = new StunWriter(new byte[1024], StunClass.Request, StunMethod.Allocate, new byte[12]);
        writer.Write(type, new byte[length]);

        Assert.Equal(StunParseResult.BadAttribute, StunMessage.TryParse(writer.Written, out _));
    }

    [Fact]
    public void In_a_Binding_request_they_are_as_unknown_as_before()
    {
        var writer = new StunWriter(new byte[64], StunClass.Request, StunMethod.Binding, new byte[12]);
        writer.WriteLifetime(1);
        StunMessage.TryParse(writer.Written, out var message);

        Assert.Equal(1, message.CopyUnknownRequired(new ushort[4]));
    }

    [Fact]
    public void An_alternate_server_is_read_without_XOR()
    {
        var writer = new StunWriter(new byte[64], StunClass.ErrorResponse, StunMethod.Allocate, new byte[12]);
        writer.Write(StunAttribute.AlternateServer, [0, 1, 0x0D, 0x96, 192, 0, 2, 1]);
        StunMessage.TryParse(writer.Written, out var message);

        Assert.Equal(TransportAddress.FromIPv4(0xC0000201, 3478), message.AlternateServer);
    }
}
