using System.Runtime.CompilerServices;
using Parley.Media;
using Parley.Media.Stun;
using Parley.Media.Turn;

namespace Parley.Fuzz;

public static partial class FuzzTargets
{
#pragma warning disable CA2255 // Each target registers itself, so that adding one touches no shared file.
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void RegisterTurn() => All["turn"] = RunTurn;

    /// <summary>
    /// The input is frames: what the server sends, a second apart; an empty one lets three minutes pass. The client's random
    /// bytes are the same each time, so recorded answers answer its requests.
    /// </summary>
    private static void RunTurn(ReadOnlySpan<byte> input)
    {
        var wire = new TurnWire();
        var now = TimeSpan.Zero;
        var peer = TransportAddress.FromIPv4(0x7F000001, 50000);
        var client = new TurnClient(
            TransportAddress.FromIPv4(0x7F000001, 3478), "alice", "secret", RandomSource.Seeded(1), now, wire);
        client.EnsurePeer(peer, now);
        client.HandleTimeout(now);
        foreach (var frame in FuzzFrames.Read(input))
        {
            wire.Sent = 0;
            now += frame.Length == 0 ? TimeSpan.FromMinutes(3) : TimeSpan.FromSeconds(1);
            ReadTurnAttributes(frame);
            if (client.TryHandle(frame, now, out var from, out var data))
            {
                Promise.Check(client.State == TurnState.Allocated);
                Promise.Check(from.Address == peer.Address);
                Promise.Check(data.Length <= frame.Length && (data.IsEmpty || frame.AsSpan().Overlaps(data)));
            }

            client.Send(peer, "ping"u8, now);
            client.HandleTimeout(now);
            Promise.Check(wire.Sent <= 8);
            Promise.Check((client.State == TurnState.Failed) == (client.Error is not null));
            Promise.Check(client.State != TurnState.Allocated || client.Relayed is not null);
            Promise.Check(client.NextDeadline > now);
        }
    }

    private static void ReadTurnAttributes(ReadOnlySpan<byte> datagram)
    {
        if (StunMessage.TryParse(datagram, out var message) != StunParseResult.Ok)
        {
            return;
        }

        _ = message.XorPeerAddress;
        _ = message.XorRelayedAddress;
        _ = message.AlternateServer;
        _ = message.Lifetime;
        _ = message.ChannelNumber;
        _ = message.RequestedTransport;
        _ = message.RequestedAddressFamily;
        message.TryGetRealm(out _);
        message.TryGetNonce(out _);
        message.TryGetData(out _);
    }

    /// <summary>What leaves must be well formed, whatever came in.</summary>
    private sealed class TurnWire : IDatagramSink
    {
        public int Sent { get; set; }

        public void Send(TransportAddress to, ReadOnlySpan<byte> datagram)
        {
            Sent++;
            Promise.Check(ChannelData.TryRead(datagram, out _, out _)
                || StunMessage.TryParse(datagram, out _) == StunParseResult.Ok);
        }
    }
}
