using System.Diagnostics.CodeAnalysis;
using System.Text;
using Parley.Media.Stun;

namespace Parley.Media.Turn;

/// <content>Requests and their answers.</content>
public sealed partial class TurnServer
{
    private const byte Udp = 17;
    private const uint DefaultLifetime = 600;
    private const uint MaxLifetime = 3600;

    /// <summary>Addresses in one CreatePermission.</summary>
    private const int MaxPeersPerRequest = 16;

    private void HandleRequest(TurnFlow client, in StunMessage request, TimeSpan now)
    {
        if (request.Method == StunMethod.Binding)
        {
            AnswerBinding(client, request, now);
            return;
        }

        if (request.Method is not (StunMethod.Allocate or StunMethod.Refresh or StunMethod.CreatePermission or StunMethod.ChannelBind))
        {
            Counters.OnRefused(TurnRefusal.Malformed);
            return;
        }

        var allocation = Find(client, now);
        Span<byte> key = stackalloc byte[TurnSecret.KeyLength];
        if (!TryAuthenticate(client, request, allocation, key, now, out var username))
        {
            return;
        }

        // RFC 8489 §6.3: unknown attributes count once it is known who asks.
        Span<ushort> unknown = stackalloc ushort[8];
        if (request.CopyUnknownRequired(unknown) is var count and > 0)
        {
            Counters.OnRefused(TurnRefusal.UnknownAttribute);
            var answer = Error(request, 420);
            answer.WriteUnknownAttributes(unknown[..count]);
            Finish(client, ref answer, request, key);
            return;
        }

        if (request.Method == StunMethod.Allocate)
        {
            Allocate(client, request, allocation, username, key, now);
        }
        else if (allocation is null)
        {
            Refuse(client, request, 437, TurnRefusal.AllocationMismatch, key);
        }
        else if (!username.SequenceEqual(allocation.Username))
        {
            Refuse(client, request, 441, TurnRefusal.WrongCredentials, key);
        }
        else
        {
            switch (request.Method)
            {
                case StunMethod.Refresh:
                    Refresh(allocation, request, now);
                    break;
                case StunMethod.CreatePermission:
                    CreatePermission(allocation, request, now);
                    break;
                default:
                    BindChannel(allocation, request, now);
                    break;
            }
        }
    }

    /// <summary>RFC 8489 §7.3.1: tells a client its own address.</summary>
    private void AnswerBinding(TurnFlow client, in StunMessage request, TimeSpan now)
    {
        if (!MayAnswer(client, now))
        {
            return;
        }

        Span<ushort> unknown = stackalloc ushort[4];
        if (request.CopyUnknownRequired(unknown) is var count and > 0)
        {
            Counters.OnRefused(TurnRefusal.UnknownAttribute);
            var error = Error(request, 420);
            error.WriteUnknownAttributes(unknown[..count]);
            Finish(client, ref error, request, default);
            return;
        }

        var answer = new StunWriter(_scratch, StunClass.SuccessResponse, request.Method, request.TransactionId);
        answer.WriteXorMappedAddress(client.Client);
        Finish(client, ref answer, request, default);
    }

    /// <summary>RFC 8656 §7.2. No port is set aside, so no token is one of ours.</summary>
    private void Allocate(
        TurnFlow client, in StunMessage request, TurnAllocation? allocation, ReadOnlySpan<byte> username, ReadOnlySpan<byte> key, TimeSpan now)
    {
        if (allocation is not null)
        {
            if (request.TransactionId.SequenceEqual(allocation.TransactionId) && username.SequenceEqual(allocation.Username))
            {
                AnswerAllocate(allocation, request);
            }
            else
            {
                Refuse(client, request, 437, TurnRefusal.AllocationMismatch, key);
            }

            return;
        }

        if (request.RequestedTransport is not { } transport)
        {
            Refuse(client, request, 400, TurnRefusal.BadRequest, key);
        }
        else if (transport != Udp)
        {
            Refuse(client, request, 442, TurnRefusal.Transport, key);
        }
        else if (!TryReadFamily(request, out var ipv6) || !_host.Relays(client, ipv6))
        {
            Refuse(client, request, 440, TurnRefusal.AddressFamily, key);
        }
        else if (request.HasReservationToken && request.EvenPort is not null)
        {
            Refuse(client, request, 400, TurnRefusal.BadRequest, key);
        }
        else if (request.HasReservationToken || request.EvenPort == true || _byClient.Count >= _options.Allocations)
        {
            Refuse(client, request, 508, TurnRefusal.Capacity, key);
        }
        else if (!TryAllocate(client, request, ipv6, username, key, now, out var made, out var code))
        {
            Refuse(client, request, code, code == 486 ? TurnRefusal.Quota : TurnRefusal.Capacity, key);
        }
        else
        {
            Begin(made, now);
            AnswerAllocate(made, request);
        }
    }

    private bool TryAllocate(
        TurnFlow client,
        in StunMessage request,
        bool ipv6,
        ReadOnlySpan<byte> username,
        ReadOnlySpan<byte> key,
        TimeSpan now,
        [NotNullWhen(true)] out TurnAllocation? made,
        out int code)
    {
        made = null;
        _ = TurnSecret.TryParse(username, out _, out var id);
        var user = Encoding.UTF8.GetString(id);
        if (!_quota.TryTake(user, client.Client))
        {
            code = 486;
            return false;
        }

        if (_host.OpenRelay(client, ipv6, evenPort: request.EvenPort is not null) is not { } relay)
        {
            _quota.Return(user, client.Client);
            code = 508;
            return false;
        }

        code = 0;
        var lifetime = LifetimeFor(request);
        made = new TurnAllocation(
            client, relay, user, username.ToArray(), key.ToArray(), request.TransactionId.ToArray(), _options, now)
        {
            GrantedLifetime = lifetime,
            ExpiresAt = now + TimeSpan.FromSeconds(lifetime),
        };
        return true;
    }

    private void AnswerAllocate(TurnAllocation allocation, in StunMessage request)
    {
        var answer = new StunWriter(_scratch, StunClass.SuccessResponse, request.Method, request.TransactionId);
        answer.WriteXorRelayedAddress(allocation.Relayed);
        answer.WriteLifetime(allocation.GrantedLifetime);
        answer.WriteXorMappedAddress(allocation.Client.Client);
        Finish(allocation.Client, ref answer, request, allocation.Key);
    }

    /// <summary>RFC 8656 §8.2.</summary>
    private void Refresh(TurnAllocation allocation, in StunMessage request, TimeSpan now)
    {
        if (request.RequestedAddressFamily is not null
            && (!TryReadFamily(request, out var ipv6) || ipv6 == allocation.Relayed.IsIPv4))
        {
            Refuse(allocation.Client, request, 443, TurnRefusal.PeerFamily, allocation.Key);
            return;
        }

        var lifetime = request.Lifetime == 0 ? 0 : LifetimeFor(request);
        allocation.ExpiresAt = now + TimeSpan.FromSeconds(lifetime);
        if (lifetime == 0)
        {
            End(allocation);
        }

        var answer = new StunWriter(_scratch, StunClass.SuccessResponse, request.Method, request.TransactionId);
        answer.WriteLifetime(lifetime);
        Finish(allocation.Client, ref answer, request, allocation.Key);
    }

    /// <summary>RFC 8656 §9.2: all of the addresses, or none.</summary>
    private void CreatePermission(TurnAllocation allocation, in StunMessage request, TimeSpan now)
    {
        Span<TransportAddress> peers = stackalloc TransportAddress[MaxPeersPerRequest];
        var count = request.CopyXorPeerAddresses(peers);
        if (count == 0)
        {
            Refuse(allocation.Client, request, 400, TurnRefusal.BadRequest, allocation.Key);
            return;
        }

        if (count > MaxPeersPerRequest)
        {
            Refuse(allocation.Client, request, 508, TurnRefusal.Capacity, allocation.Key);
            return;
        }

        peers = peers[..count];
        foreach (var peer in peers)
        {
            if (!CheckPeer(allocation, request, peer))
            {
                return;
            }
        }

        if (!allocation.HasRoomForPermissions(peers, now))
        {
            Refuse(allocation.Client, request, 508, TurnRefusal.Capacity, allocation.Key);
            return;
        }

        foreach (var peer in peers)
        {
            allocation.Permit(peer.Address, now);
        }

        Accept(allocation, request);
    }

    /// <summary>RFC 8656 §12.2, but for the range: that of RFC 5766 is taken as well, for nothing else comes to this port.</summary>
    private void BindChannel(TurnAllocation allocation, in StunMessage request, TimeSpan now)
    {
        if (request.ChannelNumber is not (>= ChannelData.MinChannel and <= ChannelData.MaxOldChannel)
            || request.XorPeerAddress is not { Port: > 0 } peer)
        {
            Refuse(allocation.Client, request, 400, TurnRefusal.BadRequest, allocation.Key);
            return;
        }

        var channel = request.ChannelNumber.Value;
        if (!CheckPeer(allocation, request, peer))
        {
            return;
        }

        var isBound = allocation.TryGetPeer(channel, now, out var present);
        var presentChannel = allocation.ChannelOf(peer, now);
        if ((isBound && present != peer) || (presentChannel != 0 && presentChannel != channel))
        {
            Refuse(allocation.Client, request, 400, TurnRefusal.BadRequest, allocation.Key);
        }
        else if ((!isBound && !allocation.HasRoomForChannel(now)) || !allocation.HasRoomForPermissions([peer], now))
        {
            Refuse(allocation.Client, request, 508, TurnRefusal.Capacity, allocation.Key);
        }
        else
        {
            allocation.Bind(channel, peer, now);
            Accept(allocation, request);
        }
    }

    /// <summary>Whether an allocation may have this peer; refuses the request when not.</summary>
    private bool CheckPeer(TurnAllocation allocation, in StunMessage request, TransportAddress peer)
    {
        if (peer.IsIPv4 != allocation.Relayed.IsIPv4)
        {
            Refuse(allocation.Client, request, 443, TurnRefusal.PeerFamily, allocation.Key);
            return false;
        }

        if (!_byRelayed.ContainsKey(peer) && !_peers.Allows(peer))
        {
            Refuse(allocation.Client, request, 403, TurnRefusal.ForbiddenPeer, allocation.Key);
            return false;
        }

        return true;
    }

    /// <summary>RFC 8656 §7.2: what was asked for, but not less than the default and not more than an hour.</summary>
    private static uint LifetimeFor(in StunMessage request) =>
        Math.Clamp(request.Lifetime ?? DefaultLifetime, DefaultLifetime, MaxLifetime);

    /// <summary>RFC 8656 §18.6; without the attribute it is IPv4.</summary>
    private static bool TryReadFamily(in StunMessage request, out bool ipv6)
    {
        var family = request.RequestedAddressFamily ?? StunXorAddress.FamilyIPv4;
        ipv6 = family == StunXorAddress.FamilyIPv6;
        return family is StunXorAddress.FamilyIPv4 or StunXorAddress.FamilyIPv6;
    }

    private void Accept(TurnAllocation allocation, in StunMessage request)
    {
        var answer = new StunWriter(_scratch, StunClass.SuccessResponse, request.Method, request.TransactionId);
        Finish(allocation.Client, ref answer, request, allocation.Key);
    }

    private void Refuse(TurnFlow client, in StunMessage request, int code, TurnRefusal reason, scoped ReadOnlySpan<byte> key)
    {
        Counters.OnRefused(reason);
        var answer = Error(request, code);
        Finish(client, ref answer, request, key);
    }

    private StunWriter Error(in StunMessage request, int code)
    {
        var answer = new StunWriter(_scratch, StunClass.ErrorResponse, request.Method, request.TransactionId);
        answer.WriteErrorCode(code, default);
        return answer;
    }

    /// <param name="client">For whom.</param>
    /// <param name="answer">Without integrity and fingerprint.</param>
    /// <param name="request">What it answers.</param>
    /// <param name="key">Of who asked; empty when he has proved nothing.</param>
    private void Finish(TurnFlow client, ref StunWriter answer, in StunMessage request, scoped ReadOnlySpan<byte> key)
    {
        if (!key.IsEmpty)
        {
            answer.WriteIntegrity(key);
        }

        // Only for who writes one himself: it makes answers longer.
        if (request.HasFingerprint)
        {
            answer.WriteFingerprint();
        }

        _host.Send(client, answer.Written);
    }
}
