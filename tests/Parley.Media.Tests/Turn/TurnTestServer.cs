using System.Security.Cryptography;
using System.Text;
using Parley.Media.Stun;
using Parley.Media.Turn;

namespace Parley.Media.Tests.Turn;

/// <summary>A TURN server in virtual time, one allocation for each client address, with switches for what servers may do.</summary>
internal sealed class TurnTestServer(TransportAddress address)
{
    public const string Username = "alice";
    public const string Password = "secret";
    public const string Realm = "parley";

    private static readonly TimeSpan PermissionLifetime = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan ChannelLifetime = TimeSpan.FromMinutes(10);

    private readonly Dictionary<string, byte[]> _answered = [];
    private readonly Dictionary<TransportAddress, Allocation> _allocations = [];
    private int _nonce = 1;
    private ushort _nextRelay = 50000;

    public TransportAddress Address => address;

    /// <summary>Granted by every Allocate and Refresh, in seconds.</summary>
    public uint Lifetime { get; set; } = 600;

    /// <summary>Answers this code to authenticated requests of a method.</summary>
    public Dictionary<StunMethod, int> Refusals { get; } = [];

    /// <summary>Sends clients elsewhere, before or after they have authenticated.</summary>
    public TransportAddress? Alternate { get; set; }

    public bool RedirectsBeforeChallenge { get; init; }

    /// <summary>Whether it calls each nonce stale.</summary>
    public bool IsNeverContent { get; set; }

    /// <summary>Whether successes carry a wrong integrity.</summary>
    public bool Forges { get; set; }

    /// <summary>The family of relayed addresses that is given whatever was asked for.</summary>
    public bool IgnoresFamily { get; set; }

    /// <summary>Data that reached peers: client, peer, bytes.</summary>
    public List<(TransportAddress Peer, byte[] Data)> ToPeers { get; } = [];

    public Dictionary<StunMethod, int> Requests { get; } = [];

    public int ChannelDataReceived { get; private set; }

    public int Allocations => _allocations.Count;

    /// <summary>Makes the present nonce stale.</summary>
    public void ChangeNonce() => _nonce++;

    /// <summary>Forgets everything, as after a restart.</summary>
    public void Restart()
    {
        _allocations.Clear();
        _answered.Clear();
        _nonce++;
    }

    /// <summary>What it answers a datagram from a client.</summary>
    public byte[]? Handle(TransportAddress from, byte[] datagram, TimeSpan now)
    {
        Expire(now);
        if (ChannelData.TryRead(datagram, out var channel, out var data))
        {
            ChannelDataReceived++;
            if (_allocations.TryGetValue(from, out var bound) && bound.Channels.TryGetValue(channel, out var binding))
            {
                ToPeers.Add((binding.Peer, data.ToArray()));
            }

            return null;
        }

        Assert.Equal(StunParseResult.Ok, StunMessage.TryParse(datagram, out var message));
        if (message.Class == StunClass.Indication)
        {
            Relay(from, message);
            return null;
        }

        Assert.Equal(StunClass.Request, message.Class);
        Requests[message.Method] = Requests.GetValueOrDefault(message.Method) + 1;
        var key = Convert.ToHexString(message.TransactionId) + from;
        if (!_answered.TryGetValue(key, out var answer))
        {
            answer = Answer(from, message, now);
            _answered[key] = answer;
        }

        return answer;
    }

    /// <summary>What the client gets when a peer sends to the relay: null without a permission.</summary>
    public byte[]? FromPeer(TransportAddress client, TransportAddress peer, byte[] data, TimeSpan now)
    {
        Expire(now);
        if (!_allocations.TryGetValue(client, out var allocation) || !allocation.Permissions.ContainsKey(peer.Address))
        {
            return null;
        }

        var buffer = new byte[2048];
        foreach (var (channel, binding) in allocation.Channels)
        {
            if (binding.Peer == peer)
            {
                return buffer[..ChannelData.Write(buffer, channel, data)];
            }
        }

        return Indication(peer, data);
    }

    public static byte[] Indication(TransportAddress peer, byte[] data)
    {
        var indication = new StunWriter(new byte[2048], StunClass.Indication, StunMethod.Data, new byte[12]);
        indication.WriteXorPeerAddress(peer);
        indication.WriteData(data);
        return indication.Written.ToArray();
    }

    private static byte[] Key()
    {
#pragma warning disable CA5351 // RFC 8489 §9.2.2 makes long-term keys with MD5.
        return MD5.HashData(Encoding.UTF8.GetBytes($"{Username}:{Realm}:{Password}"));
#pragma warning restore CA5351
    }

    private void Relay(TransportAddress from, StunMessage indication)
    {
        Assert.Equal(StunMethod.Send, indication.Method);
        Assert.True(indication.TryGetData(out var data));
        var peer = indication.XorPeerAddress!.Value;
        if (_allocations.TryGetValue(from, out var allocation) && allocation.Permissions.ContainsKey(peer.Address))
        {
            ToPeers.Add((peer, data.ToArray()));
        }
    }

    private byte[] Answer(TransportAddress from, StunMessage request, TimeSpan now)
    {
        if (request.Method == StunMethod.Binding)
        {
            var refused = Refusals.GetValueOrDefault(StunMethod.Binding);
            var found = Begin(request, refused > 0 ? StunClass.ErrorResponse : StunClass.SuccessResponse);
            if (refused > 0)
            {
                found.WriteErrorCode(refused, "no"u8);
            }
            else
            {
                found.WriteXorMappedAddress(from);
            }

            found.WriteFingerprint();
            return found.Written.ToArray();
        }

        if (Alternate is { } elsewhere && RedirectsBeforeChallenge)
        {
            return Redirect(request, elsewhere, authenticated: false);
        }

        if (!request.HasIntegrity)
        {
            return Challenge(request, 401);
        }

        Assert.True(request.TryGetUsername(out _));
        Assert.True(request.TryGetRealm(out var realm));
        Assert.Equal(Realm, Encoding.UTF8.GetString(realm));
        Assert.True(request.TryGetNonce(out var nonce));
        if (IsNeverContent || !nonce.SequenceEqual(Nonce()))
        {
            _nonce += IsNeverContent ? 1 : 0;
            return Challenge(request, 438);
        }

        if (!request.VerifyIntegrity(Key()))
        {
            return Challenge(request, 401);
        }

        if (Alternate is { } other)
        {
            return Redirect(request, other, authenticated: true);
        }

        if (Refusals.TryGetValue(request.Method, out var code))
        {
            return Refuse(request, code);
        }

        return request.Method switch
        {
            StunMethod.Allocate => Allocate(from, request, now),
            StunMethod.Refresh => Refresh(from, request, now),
            StunMethod.CreatePermission or StunMethod.ChannelBind => Permit(from, request, now),
            _ => Refuse(request, 400),
        };
    }

    private byte[] Allocate(TransportAddress from, StunMessage request, TimeSpan now)
    {
        if (request.RequestedTransport != 17)
        {
            return Refuse(request, 442);
        }

        if (_allocations.ContainsKey(from))
        {
            return Refuse(request, 437);
        }

        var relayed = request.RequestedAddressFamily == 2 && !IgnoresFamily
            ? new TransportAddress((UInt128)0x20010DB8 << 96 | 1, _nextRelay++)
            : address with { Port = _nextRelay++ };
        _allocations[from] = new Allocation { ExpiresAt = now + TimeSpan.FromSeconds(Lifetime) };
        var answer = Begin(request, StunClass.SuccessResponse);
        answer.WriteXorRelayedAddress(relayed);
        answer.WriteLifetime(Lifetime);
        answer.WriteXorMappedAddress(from);
        return Seal(ref answer);
    }

    private byte[] Refresh(TransportAddress from, StunMessage request, TimeSpan now)
    {
        if (!_allocations.TryGetValue(from, out var allocation))
        {
            return Refuse(request, 437);
        }

        var granted = request.Lifetime == 0 ? 0 : Lifetime;
        allocation.ExpiresAt = now + TimeSpan.FromSeconds(granted);
        if (granted == 0)
        {
            _allocations.Remove(from);
        }

        var answer = Begin(request, StunClass.SuccessResponse);
        answer.WriteLifetime(granted);
        return Seal(ref answer);
    }

    private byte[] Permit(TransportAddress from, StunMessage request, TimeSpan now)
    {
        if (!_allocations.TryGetValue(from, out var allocation))
        {
            return Refuse(request, 437);
        }

        var peer = request.XorPeerAddress!.Value;
        allocation.Permissions[peer.Address] = now + PermissionLifetime;
        if (request.ChannelNumber is { } channel)
        {
            if (allocation.Channels.TryGetValue(channel, out var bound) && bound.Peer != peer)
            {
                return Refuse(request, 400);
            }

            allocation.Channels[channel] = (peer, now + ChannelLifetime);
        }

        var answer = Begin(request, StunClass.SuccessResponse);
        return Seal(ref answer);
    }

    private byte[] Challenge(StunMessage request, int code)
    {
        var answer = Begin(request, StunClass.ErrorResponse);
        answer.WriteErrorCode(code, "evil text"u8);
        answer.WriteRealm(Encoding.UTF8.GetBytes(Realm));
        answer.WriteNonce(Nonce());
        return answer.Written.ToArray();
    }

    private byte[] Refuse(StunMessage request, int code)
    {
        var answer = Begin(request, StunClass.ErrorResponse);
        answer.WriteErrorCode(code, "evil text"u8);
        return Seal(ref answer);
    }

    private byte[] Redirect(StunMessage request, TransportAddress to, bool authenticated)
    {
        var answer = Begin(request, StunClass.ErrorResponse);
        answer.WriteErrorCode(300, "evil text"u8);
        byte[] value = [0, 1, (byte)(to.Port >> 8), (byte)to.Port, (byte)(to.IPv4 >> 24), (byte)(to.IPv4 >> 16), (byte)(to.IPv4 >> 8), (byte)to.IPv4];
        answer.Write(StunAttribute.AlternateServer, value);
        return authenticated ? Seal(ref answer) : answer.Written.ToArray();
    }

    private byte[] Nonce() => Encoding.ASCII.GetBytes($"nonce-{_nonce}");

    private static StunWriter Begin(StunMessage request, StunClass answerClass) =>
        new(new byte[512], answerClass, request.Method, request.TransactionId);

    private byte[] Seal(ref StunWriter answer)
    {
        answer.WriteIntegrity(Forges ? "wrong"u8 : Key());
        return answer.Written.ToArray();
    }

    private void Expire(TimeSpan now)
    {
        foreach (var (client, allocation) in _allocations.ToList())
        {
            if (now >= allocation.ExpiresAt)
            {
                _allocations.Remove(client);
            }

            foreach (var (peer, until) in allocation.Permissions.ToList())
            {
                if (now >= until)
                {
                    allocation.Permissions.Remove(peer);
                }
            }

            foreach (var (channel, binding) in allocation.Channels.ToList())
            {
                if (now >= binding.Until)
                {
                    allocation.Channels.Remove(channel);
                }
            }
        }
    }

    private sealed class Allocation
    {
        public TimeSpan ExpiresAt { get; set; }

        public Dictionary<UInt128, TimeSpan> Permissions { get; } = [];

        public Dictionary<ushort, (TransportAddress Peer, TimeSpan Until)> Channels { get; } = [];
    }
}
