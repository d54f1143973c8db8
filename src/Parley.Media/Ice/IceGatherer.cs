using System.Net;
using Parley.Media.Turn;

namespace Parley.Media.Ice;

/// <summary>
/// Finds server-reflexive and relayed candidates (RFC 8445 §5.1.1): asks each STUN and TURN server from each base of its
/// family, and keeps the relays afterwards. For one thread at a time; routing and relaying data allocate nothing.
/// </summary>
/// <remarks>
/// It takes at most <see cref="ServerTimeout"/> for a server, well below the time a NAT forgets a binding in, so none is kept
/// alive here: once candidates are paired, checks and consent do that.
/// </remarks>
public sealed class IceGatherer
{
    /// <summary>The first number of a relay; bases of sockets have lower ones.</summary>
    public const int FirstRelay = 16;

    /// <summary>How many servers are asked; further ones are ignored.</summary>
    public const int MaxServers = 8;

    /// <summary>How long a server has to answer.</summary>
    public static readonly TimeSpan ServerTimeout = TimeSpan.FromSeconds(5);

    /// <summary>The time between two first requests (Ta, RFC 8445 §14.2; at least 5 ms).</summary>
    public static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(20);

    private readonly List<GatheringTask> _tasks = [];
    private readonly List<IceGatheringFailure> _failures = [];
    private readonly HashSet<(int Local, TransportAddress Mapped)> _reflexive = [];
    private readonly RandomSource _random;
    private readonly IIceSink _sink;
    private readonly IIceGathererEvents _events;
    private TimeSpan _nextStart;
    private int _started;

    /// <summary>Begins: requests leave from the first <see cref="HandleTimeout"/> on, which is due at once.</summary>
    /// <param name="bases">Numbers (0–15) and addresses of our sockets.</param>
    /// <param name="servers">The servers to ask.</param>
    /// <param name="random">Where transaction ids come from; they must not be guessable.</param>
    /// <param name="sink">Takes datagrams.</param>
    /// <param name="events">Hears of what was found.</param>
    /// <param name="now">The time, from any origin.</param>
    public IceGatherer(
        IEnumerable<(int Local, TransportAddress Address)> bases,
        IEnumerable<IceServerAddress> servers,
        RandomSource random,
        IIceSink sink,
        IIceGathererEvents events,
        TimeSpan now)
    {
        _random = random;
        _sink = sink;
        _events = events;
        _nextStart = now;
        var asked = servers.Distinct().Take(MaxServers).ToList();
        var relay = FirstRelay;
        foreach (var (local, address) in bases)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(local);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(local, FirstRelay);
            foreach (var server in asked.Where(server => CanReach(address, server.Address)))
            {
                _tasks.Add(new GatheringTask(local, address, server, server.IsTurn ? relay++ : -1));
            }
        }
    }

    /// <summary>Whether all servers have answered or been given up.</summary>
    public bool IsDone { get; private set; }

    /// <summary>Which servers gave nothing, and why.</summary>
    public IReadOnlyList<IceGatheringFailure> Failures => _failures;

    /// <summary>When <see cref="HandleTimeout"/> has something to do; MaxValue for never.</summary>
    public TimeSpan NextDeadline
    {
        get
        {
            // With nobody to ask there is still OnDone to be said.
            var deadline = _started < _tasks.Count || (_tasks.Count == 0 && !IsDone) ? _nextStart : TimeSpan.MaxValue;
            foreach (var task in _tasks)
            {
                deadline = task.Deadline < deadline ? task.Deadline : deadline;
            }

            return deadline;
        }
    }

    /// <summary>Handles a datagram when it is from one of the servers and for us.</summary>
    /// <param name="local">The base it came to.</param>
    /// <param name="from">Where it came from.</param>
    /// <param name="datagram">Any bytes.</param>
    /// <param name="now">The time.</param>
    /// <param name="relay">The relay that data came through, −1 when none came.</param>
    /// <param name="peer">Who sent the data.</param>
    /// <param name="data">A part of the datagram: what a peer sent to the relay.</param>
    /// <returns>Whether it was for us. Else it is a peer's, which may share an address with a server.</returns>
    public bool TryHandle(
        int local,
        TransportAddress from,
        ReadOnlySpan<byte> datagram,
        TimeSpan now,
        out int relay,
        out TransportAddress peer,
        out ReadOnlySpan<byte> data)
    {
        relay = -1;
        peer = default;
        data = default;
        foreach (var task in _tasks)
        {
            if (task.Local != local)
            {
                continue;
            }

            if (task.Turn is { } turn && turn.Server == from && TurnClient.LooksLikeTurn(datagram))
            {
                var state = turn.State;
                if (turn.TryHandle(datagram, now, out peer, out data))
                {
                    relay = task.Relay;
                }
                else
                {
                    Follow(task, state);
                }

                return true;
            }

            if (task.Query is { IsPending: true } query && query.Server == from && query.TryTake(datagram, out var mapped))
            {
                if (mapped is { } address)
                {
                    Report(task, address);
                }
                else
                {
                    _failures.Add(new IceGatheringFailure(task.Server.Address, "The STUN server answered with an error."));
                }

                Finish(task);
                return true;
            }
        }

        return false;
    }

    /// <summary>Lets a peer send to a relay, and the relay to it: see <see cref="TurnClient.EnsurePeer"/>.</summary>
    public bool EnsurePeer(int relay, TransportAddress peer, TimeSpan now) => Find(relay)?.EnsurePeer(peer, now) ?? false;

    /// <summary>Sends data through a relay: see <see cref="TurnClient.Send"/>.</summary>
    /// <returns>False when it was dropped.</returns>
    public bool Send(int relay, TransportAddress peer, ReadOnlySpan<byte> data, TimeSpan now) =>
        Find(relay)?.Send(peer, data, now) ?? false;

    /// <summary>Sends what is due, and gives up on servers that are late; harmless when nothing is due.</summary>
    public void HandleTimeout(TimeSpan now)
    {
        while (_started < _tasks.Count && now >= _nextStart)
        {
            _tasks[_started++].Start(_random, _sink, now);
            _nextStart = now + Pace;
        }

        foreach (var task in _tasks)
        {
            if (task.Turn is { } turn)
            {
                var state = turn.State;
                turn.HandleTimeout(now);
                Follow(task, state);
            }
            else if (task.Query is { } query && query.TryResend(now))
            {
                _sink.Send(task.Local, query.Server, query.Request);
            }

            if (!task.IsFinished && now >= task.GiveUpAt)
            {
                task.GiveUp(now);
                _failures.Add(new IceGatheringFailure(task.Server.Address, task.NoAnswer));
                Finish(task);
            }
        }

        FinishAll();
    }

    /// <summary>Gives the relays back and asks no more. No event comes after it.</summary>
    public void Close(TimeSpan now)
    {
        IsDone = true;
        foreach (var task in _tasks)
        {
            task.GiveUp(now);
        }

        _tasks.Clear();
    }

    private static bool CanReach(TransportAddress address, TransportAddress server) =>
        address.IsIPv4 == server.IsIPv4 && server.IsUnicast() && (!IsLoopback(address) || IsLoopback(server));

    private static bool IsLoopback(TransportAddress address) => IPAddress.IsLoopback(address.ToEndPoint().Address);

    /// <summary>Tells of what a TURN client's state has become.</summary>
    private void Follow(GatheringTask task, TurnState before)
    {
        var turn = task.Turn!;
        if (turn.State == before)
        {
            return;
        }

        if (turn is { State: TurnState.Allocated, Relayed: { } relayed, Mapped: { } mapped })
        {
            Report(task, mapped);
            _events.OnRelay(task.Relay, task.Local, relayed, mapped);
            Finish(task);
        }
        else if (turn is { State: TurnState.Failed, Error: { } error })
        {
            _failures.Add(new IceGatheringFailure(task.Server.Address, error));
            if (before == TurnState.Allocated)
            {
                _events.OnRelayLost(task.Relay);
            }

            Finish(task);
        }
    }

    private void Report(GatheringTask task, TransportAddress mapped)
    {
        if (mapped != task.Address && _reflexive.Add((task.Local, mapped)))
        {
            _events.OnReflexive(task.Local, mapped, task.Server.Address);
        }
    }

    private void Finish(GatheringTask task)
    {
        task.IsFinished = true;
        FinishAll();
    }

    private void FinishAll()
    {
        if (!IsDone && _tasks.TrueForAll(task => task.IsFinished))
        {
            IsDone = true;
            _events.OnDone();
        }
    }

    private TurnClient? Find(int relay)
    {
        foreach (var task in _tasks)
        {
            if (task.Relay == relay)
            {
                return task.Turn;
            }
        }

        return null;
    }
}
