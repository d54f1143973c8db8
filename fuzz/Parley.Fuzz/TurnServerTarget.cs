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
    internal static void RegisterTurnServer() => All["turn-server"] = RunTurnServer;

    /// <summary>
    /// The input is frames, a second apart; an empty one lets three minutes pass. Of each the first byte says who sends the rest: 0 and 1
    /// clients over UDP, 2 one over TCP, 8 and 9 peers to the first and the second relay port. Nonces are the same each time, so recorded
    /// requests are authentic.
    /// </summary>
    private static void RunTurnServer(ReadOnlySpan<byte> input)
    {
        var world = new TurnServerWire();
        var now = TimeSpan.Zero;
        foreach (var frame in FuzzFrames.Read(input))
        {
            now += frame.Length == 0 ? TimeSpan.FromMinutes(3) : TimeSpan.FromSeconds(1);
            if (frame.Length > 0) world.Receive(frame[0], frame.AsSpan(1), now);
            world.Server.HandleTimeout(now);
            Promise.Check(world.OpenPorts == world.Server.Allocations);
            Promise.Check(world.Server.Allocations <= TurnServerWire.Options.Allocations);
            Promise.Check(world.Server.NextDeadline > now);
        }

        world.Server.Close();
        Promise.Check(world.OpenPorts == 0);
    }

    /// <summary>What leaves must be well formed, and for whom it may be, whatever came in.</summary>
    internal sealed class TurnServerWire : ITurnHost
    {
        public static readonly TransportAddress Media = TransportAddress.FromIPv4(0x0A000005, 7000);
        public static readonly TransportAddress Peer = TransportAddress.FromIPv4(0xC0000207, 50001);

        public static readonly TurnServerOptions Options = new()
        {
            Allocations = 2,
            Permissions = 4,
            Channels = 2,
            MediaAddresses = [Media],
        };

        private static readonly TransportAddress Here = TransportAddress.FromIPv4(0xC6336401, 0);

        private readonly List<Port> _ports = [];
        private int _received;
        private int _sent;

        public TurnServerWire()
        {
            Secret = new TurnSecret("of the corpus"u8);
            Server = new TurnServer(Options, Secret, this, RandomSource.Seeded(1), DateTimeOffset.UnixEpoch);
        }

        public TurnSecret Secret { get; }

        public TurnServer Server { get; }

        public int OpenPorts { get; private set; }

        /// <summary>The last answer or data.</summary>
        public byte[] Last { get; private set; } = [];

        public static TurnFlow Client(byte who) =>
            new(TransportAddress.FromIPv4(0xCB007105u + who, 40000), (who & 3) == 2 ? 1 : 0);

        public void Receive(byte who, Span<byte> bytes, TimeSpan now)
        {
            (_received, _sent) = (bytes.Length, 0);
            if ((who & 8) == 0)
            {
                if (TurnFrames.TryMeasure(bytes, out var message, out var frame))
                {
                    Promise.Check(TurnFrames.CanBegin(bytes) && message <= frame && frame % 4 == 0 && frame <= 65_540);
                }

                Server.HandleMessage(Client((byte)(who & 3)), bytes, now);
            }
            else if (_ports.Count > (who & 1))
            {
                Server.HandlePeerDatagram(_ports[who & 1], (who & 2) == 0 ? Peer : Media, bytes, now);
            }

            Promise.Check(_sent <= 1);
        }

        public bool Relays(TurnFlow client, bool ipv6) => true;

        public ITurnRelay? OpenRelay(TurnFlow client, bool ipv6, bool evenPort)
        {
            OpenPorts++;
            var number = (ushort)(50000 + (2 * _ports.Count));
            _ports.Add(new Port(this, ipv6 ? new TransportAddress((UInt128)0x20010DB8 << 96 | 1, number) : Here with { Port = number }));
            return _ports[^1];
        }

        public void Send(TurnFlow client, ReadOnlySpan<byte> message)
        {
            Promise.Check(StunMessage.TryParse(message, out var answer) == StunParseResult.Ok);
            Promise.Check(answer.Class is StunClass.SuccessResponse or StunClass.ErrorResponse);

            // With the headers of IPv4 and UDP.
            Promise.Check(answer.HasIntegrity || message.Length + 28 <= 2 * (_received + 28));
            Leave(message);
        }

        public void SendData(TurnFlow client, ReadOnlySpan<byte> message)
        {
            Promise.Check(ChannelData.TryReadOld(message, out _, out _)
                || (StunMessage.TryParse(message, out var data) == StunParseResult.Ok && data is { Class: StunClass.Indication, Method: StunMethod.Data }));
            Promise.Check(!client.IsStream || message.Length % 4 == 0);
            Leave(message);
        }

        private void Leave(ReadOnlySpan<byte> message)
        {
            _sent++;
            Last = message.ToArray();
        }

        private sealed class Port(TurnServerWire owner, TransportAddress address) : ITurnRelay
        {
            private bool _closed;

            public TransportAddress Address => address;

            public void Send(TransportAddress peer, ReadOnlySpan<byte> data)
            {
                Promise.Check(!_closed && peer.IsIPv4 == address.IsIPv4 && peer.Port != 0);
                Promise.Check(peer == Media || (peer.IPv4 >> 24) is not (0 or 10 or 127 or >= 224) || !peer.IsIPv4);
                owner.Leave(data);
            }

            public void Close()
            {
                Promise.Check(!_closed);
                _closed = true;
                owner.OpenPorts--;
            }
        }
    }
}
