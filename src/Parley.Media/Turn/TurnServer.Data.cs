using System.Buffers.Binary;
using Parley.Media.Stun;

namespace Parley.Media.Turn;

/// <content>Data between clients and peers (RFC 8656 §11–12). What may not pass is dropped without a word, as everywhere in UDP.</content>
public sealed partial class TurnServer
{
    /// <summary>Of Data indications; nobody answers them, so they need only differ.</summary>
    private ulong _indications;

    /// <summary>Handles what a peer sent to a relay port, any bytes.</summary>
    public void HandlePeerDatagram(ITurnRelay relay, TransportAddress from, ReadOnlySpan<byte> data, TimeSpan now)
    {
        // The port may have been closed while this was on its way.
        if (!_byRelayed.TryGetValue(relay.Address, out var allocation) || allocation.Relay != relay)
        {
            Counters.OnRefused(TurnRefusal.NoPermission);
        }
        else if (!_peers.Allows(from))
        {
            Counters.OnRefused(TurnRefusal.ForbiddenPeer);
        }
        else
        {
            ToClient(allocation, from, data, now);
        }
    }

    private void HandleChannelData(TurnFlow client, ReadOnlySpan<byte> message, TimeSpan now)
    {
        if (!ChannelData.TryReadOld(message, out var channel, out var data))
        {
            Counters.OnRefused(TurnRefusal.Malformed);
        }
        else if (Find(client, now) is not { } allocation || !allocation.TryGetPeer(channel, now, out var peer))
        {
            Counters.OnRefused(TurnRefusal.NoPermission);
        }
        else
        {
            ToPeer(allocation, peer, data, now);
        }
    }

    /// <summary>RFC 8656 §11.2. An indication is not answered, so what is unknown in it leads to nothing either (RFC 8489 §6.3.2).</summary>
    private void HandleSend(TurnFlow client, in StunMessage indication, TimeSpan now)
    {
        Span<ushort> unknown = stackalloc ushort[1];
        if (indication.XorPeerAddress is not { } peer || !indication.TryGetData(out var data))
        {
            Counters.OnRefused(TurnRefusal.BadRequest);
        }
        else if (indication.CopyUnknownRequired(unknown) > 0)
        {
            Counters.OnRefused(TurnRefusal.UnknownAttribute);
        }
        else if (Find(client, now) is not { } allocation || !allocation.IsPermitted(peer.Address, now))
        {
            Counters.OnRefused(TurnRefusal.NoPermission);
        }
        else
        {
            ToPeer(allocation, peer, data, now);
        }
    }

    private void ToPeer(TurnAllocation allocation, TransportAddress peer, ReadOnlySpan<byte> data, TimeSpan now)
    {
        if (!allocation.ToPeers.TryTake(data.Length, now))
        {
            Counters.OnRefused(TurnRefusal.Bandwidth);
        }
        else if (_byRelayed.TryGetValue(peer, out var other))
        {
            // From relay to relay without leaving: no NAT in front of us has to send it back.
            Counters.OnToPeer(data.Length);
            ToClient(other, allocation.Relayed, data, now);
        }
        else if (_peers.Allows(peer))
        {
            Counters.OnToPeer(data.Length);
            allocation.Relay.Send(peer, data);
        }
        else
        {
            // Permitted as another allocation's relayed address that is gone, or by the permission of another port.
            Counters.OnRefused(TurnRefusal.ForbiddenPeer);
        }
    }

    private void ToClient(TurnAllocation allocation, TransportAddress from, ReadOnlySpan<byte> data, TimeSpan now)
    {
        if (data.Length > MaxMessageLength)
        {
            Counters.OnRefused(TurnRefusal.TooLong);
        }
        else if (now >= allocation.ExpiresAt || !allocation.IsPermitted(from.Address, now))
        {
            Counters.OnRefused(TurnRefusal.NoPermission);
        }
        else if (!allocation.ToClient.TryTake(data.Length, now))
        {
            Counters.OnRefused(TurnRefusal.Bandwidth);
        }
        else
        {
            Counters.OnToClient(data.Length);
            var channel = allocation.ChannelOf(from, now);
            _host.SendData(allocation.Client, channel == 0 ? DataIndication(from, data) : InChannel(allocation.Client, channel, data));
        }
    }

    private ReadOnlySpan<byte> InChannel(TurnFlow client, ushort channel, ReadOnlySpan<byte> data)
    {
        var length = ChannelData.Write(_scratch, channel, data);
        if (!client.IsStream)
        {
            return _scratch.AsSpan(0, length);
        }

        // RFC 8656 §12.5: padded in a stream, and only there.
        var padded = (length + 3) & ~3;
        _scratch.AsSpan(length, padded - length).Clear();
        return _scratch.AsSpan(0, padded);
    }

    private ReadOnlySpan<byte> DataIndication(TransportAddress from, ReadOnlySpan<byte> data)
    {
        Span<byte> transactionId = stackalloc byte[StunMessage.TransactionIdLength];
        transactionId.Clear();
        BinaryPrimitives.WriteUInt64BigEndian(transactionId[4..], ++_indications);
        var indication = new StunWriter(_scratch, StunClass.Indication, StunMethod.Data, transactionId);
        indication.WriteXorPeerAddress(from);
        indication.WriteData(data);
        return _scratch.AsSpan(0, indication.Length);
    }
}
