using Parley.Media.Stun;

namespace Parley.Media.Turn;

/// <summary>One peer behind a relay: its channel, and when that has to be bound again.</summary>
internal sealed class TurnPeer(TransportAddress address, ushort channel)
{
    public TransportAddress Address => address;

    public ushort Channel => channel;

    /// <summary>The ChannelBind or CreatePermission under way.</summary>
    public StunTransaction Transaction { get; } = new();

    /// <summary>Whether the server has confirmed the channel.</summary>
    public bool IsBound { get; set; }

    /// <summary>Whether the server gives us no channel, so that a permission has to do.</summary>
    public bool IsPermissionOnly { get; set; }

    /// <summary>Whether the server does not relay to this peer at all.</summary>
    public bool IsRefused { get; set; }

    /// <summary>How many challenges in a row the request has met.</summary>
    public int Challenges { get; set; }

    /// <summary>When to ask again, once no request is under way.</summary>
    public TimeSpan RefreshAt { get; set; }

    /// <summary>When it was last ensured, sent to or heard of.</summary>
    public TimeSpan LastUsed { get; set; }

    public TimeSpan Deadline => Transaction.IsPending ? Transaction.Deadline : RefreshAt;
}
