using System.Diagnostics;
using System.Net.Sockets;
using System.Security.Authentication;
using Parley.Client;
using Parley.Client.Meetings;
using Parley.Protocol;

namespace Parley.Terminal.Check;

/// <summary>Tries each way to a server, one after the other, so that none disturbs another.</summary>
internal sealed class CheckRun(ParleyServer server)
{
    /// <summary>A way that takes longer is as good as closed.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    private static readonly TimeSpan NamePatience = TimeSpan.FromSeconds(5);

    /// <summary>The ways, each as it is known.</summary>
    public async IAsyncEnumerable<CheckedWay> RunAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        var signalling = await TryAsync(CheckedWay.Signalling, "Open TCP to the server's HTTP(S) port; a proxy must pass WebSockets.", SignalAsync, cancellation);
        yield return signalling;
        if (signalling.Verdict != Verdict.Works) yield break;

        yield return await TryAsync("udp", "Open UDP to the server's media port, and check the addresses it announces (Parley:Media:Addresses).", UdpAsync, cancellation);
        yield return await TryAsync("tcp", "Open TCP to the server's media port.", TcpAsync, cancellation);

        IReadOnlyList<Protocol.IceServer> servers = [];
        ParleyException? problem = null;
        try
        {
            servers = await server.GetCheckServersAsync(cancellation);
        }
        catch (ParleyException e)
        {
            problem = e;
        }

        if (problem is not null)
        {
            yield return new CheckedWay("relay", Verdict.Fails, null, problem.Message);
            yield break;
        }

        yield return await TryAsync("relay-udp", "Open UDP to the relay's port.", token => RelayAsync(servers, token), cancellation);
        yield return await TryAsync("relay-tcp", "Open TCP to the relay's port.", token => RelayStreamAsync(servers, isTls: false, token), cancellation);
        yield return await TryAsync("relay-tls", "Open TCP to the relay's TLS port, and check its certificate.", token => RelayStreamAsync(servers, isTls: true, token), cancellation);
    }

    /// <summary>What was found; null when the server offers no such way.</summary>
    private static async Task<CheckedWay> TryAsync(string way, string remedy, Func<CancellationToken, Task<string?>> attempt, CancellationToken cancellation)
    {
        var began = Stopwatch.GetTimestamp();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(2 * Patience);
        long Took() => (long)Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        try
        {
            return await attempt(patience.Token) is { } found
                ? new CheckedWay(way, Verdict.Works, Took(), found)
                : new CheckedWay(way, Verdict.Absent, null, "The server offers none.");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new CheckedWay(way, Verdict.Fails, Took(), "No answer in time. " + remedy);
        }
        catch (Exception e) when (e is ParleyException or SocketException or IOException or AuthenticationException)
        {
            return new CheckedWay(way, Verdict.Fails, Took(), $"{Sentence(e)} {remedy}");
        }
    }

    private async Task<string?> SignalAsync(CancellationToken cancellation)
    {
        await server.GetLimitsAsync(cancellation);
        await server.CheckHubAsync(cancellation);
        return $"{server.Address.Scheme} and its WebSocket";
    }

    private async Task<string?> UdpAsync(CancellationToken cancellation)
    {
        await using var leg = new CheckLeg(server, []);
        var end = await leg.ConnectAsync(Patience, cancellation);
        return $"to {end?.Address} port {end?.Port}";
    }

    private async Task<string?> TcpAsync(CancellationToken cancellation)
    {
        await using var leg = new CheckLeg(server, []);
        var answer = await server.AnswerCheckAsync(new CheckOffer(leg.CreateOffer(), CheckTransport.Tcp), cancellation);
        var (ufrag, password) = (StunOverTcp.Attribute(answer, "ice-ufrag"), StunOverTcp.Attribute(answer, "ice-pwd"));
        if (StunOverTcp.PassiveCandidates(answer) is not { Count: > 0 } candidates || ufrag is null || password is null) return null;
        Exception? last = null;
        foreach (var (host, port) in candidates.Take(4))
        {
            try
            {
                await StunOverTcp.AskIceAsync(host, port, leg.LocalUfrag, ufrag, password, cancellation);
                return $"to {host} port {port}";
            }
            catch (Exception e) when (e is SocketException or IOException or ParleyException)
            {
                last = e;
            }
        }

        throw last!;
    }

    private async Task<string?> RelayAsync(IReadOnlyList<Protocol.IceServer> servers, CancellationToken cancellation)
    {
        var found = await IceServerUrls.ResolveAsync(servers, relays: true, NamePatience, TimeProvider.System);
        var relays = found.Where(one => one.IsTurn).ToArray();
        if (relays.Length == 0) return null;
        await using var leg = new CheckLeg(server, relays);
        await leg.ConnectAsync(Patience, cancellation);
        return $"through {relays[0].Address}";
    }

    private async Task<string?> RelayStreamAsync(IReadOnlyList<Protocol.IceServer> servers, bool isTls, CancellationToken cancellation)
    {
        var relays = servers.SelectMany(one => one.Urls).Select(IceServerUrls.ReadStream).OfType<(string Host, int Port, bool IsTls)>();
        foreach (var relay in relays.Where(relay => relay.IsTls == isTls))
        {
            await StunOverTcp.AskServerAsync(relay.Host, relay.Port, isTls ? server.Certificates.Validate : null, cancellation);
            return $"to {relay.Host} port {relay.Port}";
        }

        return null;
    }

    private static string Sentence(Exception e)
    {
        var text = e.Message.Trim();
        return text is [.., '.' or '?' or '!'] ? text : text + ".";
    }
}
