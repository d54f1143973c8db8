namespace Parley.Media.Turn;

/// <summary>
/// One allocation (RFC 8656 §2.2): a relay port, and who may use it. Permissions and channels that have run out stay until they are in
/// the way; none of them counts any more.
/// </summary>
internal sealed class TurnAllocation(
    TurnFlow client, ITurnRelay relay, string user, byte[] username, byte[] key, byte[] transactionId, TurnServerOptions options, TimeSpan now)
{
    private static readonly TimeSpan PermissionLifetime = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan ChannelLifetime = TimeSpan.FromMinutes(10);

    private readonly List<(UInt128 Address, TimeSpan Until)> _permissions = [];
    private readonly List<(ushort Number, TransportAddress Peer, TimeSpan Until)> _channels = [];

    /// <summary>How much may still go to peers.</summary>
    public ByteBudget ToPeers = new(options.BytesPerSecond, now);

    /// <summary>How much may still go to the client.</summary>
    public ByteBudget ToClient = new(options.BytesPerSecond, now);

    public TurnFlow Client => client;

    public ITurnRelay Relay => relay;

    /// <summary>The relayed address.</summary>
    public TransportAddress Relayed { get; } = relay.Address;

    /// <summary>Whom it is counted for.</summary>
    public string User => user;

    /// <summary>The whole user name it was made with, and only with which it can be used (RFC 8656 §4).</summary>
    public ReadOnlySpan<byte> Username => username;

    /// <summary>The key that goes with it.</summary>
    public ReadOnlySpan<byte> Key => key;

    /// <summary>Of the request that made it: the same one again is answered again.</summary>
    public ReadOnlySpan<byte> TransactionId => transactionId;

    /// <summary>What was granted by that request, in seconds.</summary>
    public uint GrantedLifetime { get; init; }

    /// <summary>When it ends unless it is refreshed.</summary>
    public TimeSpan ExpiresAt { get; set; }

    /// <summary>Whether this address may send to the client, and be sent to.</summary>
    public bool IsPermitted(UInt128 address, TimeSpan now)
    {
        foreach (var permission in _permissions)
        {
            if (permission.Address == address)
            {
                return now < permission.Until;
            }
        }

        return false;
    }

    /// <summary>Whether so many addresses more could be permitted.</summary>
    public bool HasRoomForPermissions(ReadOnlySpan<TransportAddress> peers, TimeSpan now)
    {
        _permissions.RemoveAll(permission => now >= permission.Until);
        var fresh = 0;
        for (var i = 0; i < peers.Length; i++)
        {
            if (!IsPermitted(peers[i].Address, now) && !Repeats(peers, i))
            {
                fresh++;
            }
        }

        return _permissions.Count + fresh <= options.Permissions;
    }

    /// <summary>Permits an address for five minutes from now (RFC 8656 §9).</summary>
    public void Permit(UInt128 address, TimeSpan now)
    {
        var index = _permissions.FindIndex(permission => permission.Address == address);
        if (index < 0)
        {
            _permissions.Add((address, now + PermissionLifetime));
        }
        else
        {
            _permissions[index] = (address, now + PermissionLifetime);
        }
    }

    /// <summary>Whose channel it is; false when it is nobody's.</summary>
    public bool TryGetPeer(ushort channel, TimeSpan now, out TransportAddress peer)
    {
        foreach (var binding in _channels)
        {
            if (binding.Number == channel)
            {
                peer = binding.Peer;
                return now < binding.Until;
            }
        }

        peer = default;
        return false;
    }

    /// <summary>The channel of a peer; 0 when it has none.</summary>
    public ushort ChannelOf(TransportAddress peer, TimeSpan now)
    {
        foreach (var binding in _channels)
        {
            if (binding.Peer == peer && now < binding.Until)
            {
                return binding.Number;
            }
        }

        return 0;
    }

    /// <summary>Whether there is room for a channel more.</summary>
    public bool HasRoomForChannel(TimeSpan now)
    {
        _channels.RemoveAll(binding => now >= binding.Until);
        return _channels.Count < options.Channels;
    }

    /// <summary>Binds a channel for ten minutes from now (RFC 8656 §12), its permission besides.</summary>
    public void Bind(ushort channel, TransportAddress peer, TimeSpan now)
    {
        _channels.RemoveAll(binding => binding.Number == channel || binding.Peer == peer);
        _channels.Add((channel, peer, now + ChannelLifetime));
        Permit(peer.Address, now);
    }

    private static bool Repeats(ReadOnlySpan<TransportAddress> peers, int index)
    {
        for (var i = 0; i < index; i++)
        {
            if (peers[i].Address == peers[index].Address)
            {
                return true;
            }
        }

        return false;
    }
}
