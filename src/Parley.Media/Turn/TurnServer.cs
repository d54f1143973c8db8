using System.Text;
using Parley.Media.Stun;

namespace Parley.Media.Turn;

/// <summary>
/// A STUN and TURN server (RFC 8489, RFC 8656): clients' messages and peers' datagrams go in, answers and relayed data come out of the
/// <see cref="ITurnHost"/>, which also opens relay ports. Has no socket, thread or clock; for one thread at a time. Relaying data
/// allocates nothing.
/// </summary>
public sealed partial class TurnServer
{
    /// <summary>Longer messages and datagrams are dropped: nothing of WebRTC is longer, and paths that carry more are rare.</summary>
    public const int MaxMessageLength = 1500;

    private const int IndicationOverhead = 64;

    /// <summary>Allocations that are over are looked for this often.</summary>
    private static readonly TimeSpan SweepEvery = TimeSpan.FromSeconds(1);

    private readonly TurnServerOptions _options;
    private readonly TurnSecret _secret;
    private readonly ITurnHost _host;
    private readonly DateTimeOffset _origin;
    private readonly byte[] _realm;
    private readonly TurnNonces _nonces;
    private readonly AnswerBudget _answers;
    private readonly PeerPolicy _peers;
    private readonly TurnQuota _quota;
    private readonly Dictionary<TurnFlow, TurnAllocation> _byClient = [];
    private readonly Dictionary<TransportAddress, TurnAllocation> _byRelayed = [];
    private readonly byte[] _scratch = new byte[IndicationOverhead + MaxMessageLength];
    private TimeSpan _nextSweep = TimeSpan.MaxValue;

    /// <param name="options">What it gives.</param>
    /// <param name="secret">What credentials are made from.</param>
    /// <param name="host">The world.</param>
    /// <param name="random">Where the key of nonces comes from.</param>
    /// <param name="origin">The wall-clock time at <c>now = 0</c>, for the expiry of credentials.</param>
    public TurnServer(TurnServerOptions options, TurnSecret secret, ITurnHost host, RandomSource random, DateTimeOffset origin)
    {
        _options = options;
        _secret = secret;
        _host = host;
        _origin = origin;
        _realm = Encoding.UTF8.GetBytes(options.Realm);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(_realm.Length, 64, nameof(options));
        _nonces = new TurnNonces(random);
        _answers = new AnswerBudget(options.AnswersPerSecond, random);
        _peers = new PeerPolicy(options);
        _quota = new TurnQuota(options);
    }

    /// <summary>What was done and what was refused.</summary>
    public TurnCounters Counters { get; } = new();

    /// <summary>Living allocations.</summary>
    public int Allocations => _byClient.Count;

    /// <summary>When <see cref="HandleTimeout"/> wants to be called next; MaxValue for never.</summary>
    public TimeSpan NextDeadline => _nextSweep;

    /// <summary>Whether a client has an allocation.</summary>
    public bool HasAllocation(TurnFlow client) => _byClient.ContainsKey(client);

    /// <summary>Handles a client's datagram, or one message of its stream with or without padding; any bytes.</summary>
    public void HandleMessage(TurnFlow client, ReadOnlySpan<byte> message, TimeSpan now)
    {
        if (message.Length > MaxMessageLength)
        {
            Counters.OnRefused(TurnRefusal.TooLong);
        }
        else if (ChannelData.LooksLikeOldChannelData(message))
        {
            HandleChannelData(client, message, now);
        }
        else if (StunMessage.TryParse(message, out var stun) != StunParseResult.Ok)
        {
            Counters.OnRefused(TurnRefusal.Malformed);
        }
        else if (stun is { Class: StunClass.Indication, Method: StunMethod.Send })
        {
            HandleSend(client, stun, now);
        }
        else if (stun.Class == StunClass.Request)
        {
            HandleRequest(client, stun, now);
        }
        else if (stun is not { Class: StunClass.Indication, Method: StunMethod.Binding })
        {
            Counters.OnRefused(TurnRefusal.Malformed);
        }
    }

    /// <summary>A client's stream has ended, and its allocation with it (RFC 8656 §2.1).</summary>
    public void CloseClient(TurnFlow client)
    {
        if (_byClient.TryGetValue(client, out var allocation))
        {
            End(allocation);
        }
    }

    /// <summary>Ends allocations that nobody has refreshed.</summary>
    public void HandleTimeout(TimeSpan now)
    {
        if (now < _nextSweep)
        {
            return;
        }

        foreach (var allocation in _byClient.Values)
        {
            if (now >= allocation.ExpiresAt)
            {
                // A dictionary stays enumerable when one of its entries is removed.
                End(allocation);
            }
        }

        _nextSweep = _byClient.Count == 0 ? TimeSpan.MaxValue : now + SweepEvery;
    }

    /// <summary>Ends every allocation.</summary>
    public void Close()
    {
        foreach (var allocation in _byClient.Values)
        {
            End(allocation);
        }

        _nextSweep = TimeSpan.MaxValue;
    }

    private void Begin(TurnAllocation allocation, TimeSpan now)
    {
        _byClient.Add(allocation.Client, allocation);
        _byRelayed.Add(allocation.Relayed, allocation);
        Counters.OnAllocated();
        var sweep = now + SweepEvery;
        _nextSweep = sweep < _nextSweep ? sweep : _nextSweep;
    }

    private void End(TurnAllocation allocation)
    {
        _byClient.Remove(allocation.Client);
        _byRelayed.Remove(allocation.Relayed);
        _quota.Return(allocation.User, allocation.Client.Client);
        allocation.Relay.Close();
    }

    /// <summary>A client's allocation, unless its time is over.</summary>
    private TurnAllocation? Find(TurnFlow client, TimeSpan now)
    {
        if (!_byClient.TryGetValue(client, out var allocation))
        {
            return null;
        }

        if (now < allocation.ExpiresAt)
        {
            return allocation;
        }

        End(allocation);
        return null;
    }
}
