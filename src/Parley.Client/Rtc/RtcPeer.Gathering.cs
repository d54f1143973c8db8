using Parley.Media;
using Parley.Media.Ice;

namespace Parley.Client.Rtc;

/// <summary>How a connection finds its own addresses: sockets, STUN and TURN servers (RFC 8445 §5.1.1), and how it uses relays.</summary>
internal sealed partial class RtcPeer : IIceGathererEvents
{
    private readonly List<(int Local, IceCandidate Candidate)> _hosts = [];
    private IceGatherer? _gatherer;
    private bool _gathered;

    /// <summary>Which servers gave nothing, and why.</summary>
    public IReadOnlyList<IceGatheringFailure> GatheringFailures => _gatherer?.Failures ?? [];

    private TimeSpan GatheringDeadline => _gatherer?.NextDeadline ?? TimeSpan.MaxValue;

    /// <summary>Brings in a socket: its host candidate, and what servers will say of it.</summary>
    /// <param name="local">0–15.</param>
    /// <param name="address">Its address and port.</param>
    /// <param name="localPreference">0–65535, different for each; higher is tried first.</param>
    /// <param name="now">The present.</param>
    public void AddSocket(int local, TransportAddress address, int localPreference, TimeSpan now)
    {
        _now = now;
        var candidate = IceCandidate.Host(address, localPreference);
        _hosts.Add((local, candidate));
        if (!_options.RelayOnly) Announce(local, candidate);
    }

    /// <summary>There are no more sockets: the servers are asked.</summary>
    public void EndOfSockets(TimeSpan now)
    {
        _now = now;
        var servers = _options.IceServers.Select(server => new IceServerAddress(TransportAddress.From(server.Address), server.Username, server.Password));
        _gatherer ??= new IceGatherer(_hosts.Select(host => (host.Local, host.Candidate.Address)), servers, _options.Random, _output, this, now);
        _gatherer.HandleTimeout(now);
    }

    void IIceGathererEvents.OnReflexive(int local, TransportAddress mapped, TransportAddress server)
    {
        if (_options.RelayOnly) return;
        var host = HostOf(local);
        Announce(local, IceCandidate.ServerReflexive(mapped, host.Address, server, LocalPreferenceOf(host)));
    }

    void IIceGathererEvents.OnRelay(int relay, int local, TransportAddress relayed, TransportAddress mapped) =>
        Announce(relay, IceCandidate.Relayed(relayed, mapped, relayed, LocalPreferenceOf(HostOf(local))));

    void IIceGathererEvents.OnRelayLost(int relay)
    {
        Ice.RemoveLocal(relay, _now);
        AfterIce();
    }

    void IIceGathererEvents.OnDone()
    {
        _gathered = true;
        _events.OnGathered();
    }

    /// <summary>What the agent sends. A relay lets through only peers it was told of (RFC 8656 §9), so it is told with each check.</summary>
    void IIceSink.Send(int local, TransportAddress to, ReadOnlySpan<byte> datagram)
    {
        if (local >= IceGatherer.FirstRelay) _gatherer?.EnsurePeer(local, to, _now);
        SendFrom(local, to, datagram);
    }

    private void SendFrom(int local, TransportAddress to, ReadOnlySpan<byte> datagram)
    {
        if (local < IceGatherer.FirstRelay) _output.Send(local, to, datagram);
        else _gatherer?.Send(local, to, datagram, _now);
    }

    /// <summary>Takes what is a server's; gives what a peer sent through it.</summary>
    /// <returns>False when the datagram is a peer's own.</returns>
    private bool TakeFromServer(int local, TransportAddress from, Span<byte> datagram, TimeSpan now)
    {
        if (_gatherer is null || !_gatherer.TryHandle(local, from, datagram, now, out var relay, out var peer, out var data)) return false;

        // The data is a part of the datagram: there it may be written to.
        if (relay >= 0 && !data.IsEmpty && ((ReadOnlySpan<byte>)datagram).Overlaps(data, out var offset))
        {
            Take(relay, peer, datagram.Slice(offset, data.Length), now);
        }

        return true;
    }

    private IceCandidate HostOf(int local) => _hosts.Find(entry => entry.Local == local).Candidate;

    private void Announce(int local, IceCandidate candidate)
    {
        Ice.AddLocal(local, candidate, _now);
        _events.OnCandidate(candidate);
        AfterIce();
    }

    private static int LocalPreferenceOf(IceCandidate host) => (int)(host.Priority >> 8 & 0xFFFF);
}
