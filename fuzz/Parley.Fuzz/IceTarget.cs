using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text;
using Parley.Media;
using Parley.Media.Ice;
using Parley.Media.Stun;

namespace Parley.Fuzz;

public static partial class FuzzTargets
{
#pragma warning disable CA2255 // Targets register themselves, so that adding one touches no shared file.
    [ModuleInitializer]
    internal static void RegisterIce()
    {
        All["ice"] = RunIceAgent;
        All["ice-candidate"] = RunIceCandidate;
    }
#pragma warning restore CA2255

    /// <summary>What reads as a candidate writes back to the same, and an agent takes it or leaves it.</summary>
    private static void RunIceCandidate(ReadOnlySpan<byte> input)
    {
        var parsed = IceCandidate.TryParse(Encoding.UTF8.GetString(input), out var candidate, out var result);
        Promise.Check(parsed == (result == IceCandidateParseResult.Ok));
        if (candidate is null)
        {
            return;
        }

        // A host candidate has no related address; whoever sent one nevertheless did not mean it.
        var related = candidate.Type == IceCandidateType.Host ? null : candidate.RelatedAddress;
        Promise.Check(IceCandidate.TryParse(candidate.ToSdpValue(), out var again));
        Promise.Check(again == candidate with { Ufrag = null, RelatedAddress = related });
        var agent = new IceFuzzAgent();
        agent.Agent.AddRemote(candidate, TimeSpan.Zero);
        agent.Pass(TimeSpan.FromSeconds(1));
    }

    /// <summary>
    /// A peer that knows the credentials and does as it likes: the input is a script of steps, each an operation, a port, and
    /// what follows for a datagram. The agent must stay within its bounds, and its deadlines must move on.
    /// </summary>
    private static void RunIceAgent(ReadOnlySpan<byte> input)
    {
        const int MaxSteps = 200;
        var fuzz = new IceFuzzAgent();
        for (var step = 0; step < MaxSteps && input.Length >= 4; step++)
        {
            var operation = input[0];
            var from = TransportAddress.FromIPv4(0xC0000200u + (uint)(input[1] & 15), (ushort)(1 + (input[1] >> 4)));
            var length = Math.Min(BinaryPrimitives.ReadUInt16BigEndian(input[2..]), input.Length - 4);
            var body = input.Slice(4, length);
            input = input[(4 + length)..];
            fuzz.Step(operation, from, body);
        }

        fuzz.Pass(TimeSpan.FromSeconds(100));
    }

    /// <summary>An agent, and how a peer with its credentials may treat it.</summary>
    private sealed class IceFuzzAgent : IIceSink
    {
        private static readonly IceCredentials Ours = new("evtj", "VOkJxbRl1RmTxUk/WvJxBt");
        private static readonly IceCredentials Theirs = new("h6vY", "abcdefghijklmnopqrstuvwx");

        private readonly byte[] _buffer = new byte[2048];
        private readonly byte[] _lastId = new byte[12];
        private TimeSpan _now;
        private int _sent;

        public IceFuzzAgent()
        {
            Agent = new IceAgent(IceRole.Controlled, Ours, this, RandomSource.Seeded(1), TimeSpan.Zero);
            Agent.AddLocal(0, IceCandidate.Host(TransportAddress.FromIPv4(0xC0000263, 5000), 1), TimeSpan.Zero);
            Agent.SetRemote(Theirs, lite: false);
        }

        public IceAgent Agent { get; }

        public void Send(int local, TransportAddress to, ReadOnlySpan<byte> datagram)
        {
            _sent++;
            Promise.Check(StunMessage.TryParse(datagram, out var message) == StunParseResult.Ok);
            if (message.Class == StunClass.Request)
            {
                message.TransactionId.CopyTo(_lastId);
            }
        }

        public void Step(byte operation, TransportAddress from, ReadOnlySpan<byte> body)
        {
            var before = _sent;
            switch (operation & 7)
            {
                case 0:
                    Agent.HandleStun(operation >> 3 & 1, from, body, _now);
                    break;
                case 1:
                    Sign(StunClass.Request, Ours.Password, operation, from, body);
                    break;
                case 2:
                    Sign(StunClass.SuccessResponse, Theirs.Password, operation, from, body);
                    break;
                case 3:
                    Sign(StunClass.ErrorResponse, Theirs.Password, operation, from, body);
                    break;
                case 4:
                    Agent.AddRemote(IceCandidate.Host(from, operation), _now);
                    break;
                case 5:
                    Agent.EndOfRemoteCandidates(_now);
                    break;
                case 6:
                    Agent.SetRemote(operation > 127 ? Theirs : new IceCredentials("abcd", Theirs.Password), operation > 250);
                    break;
                default:
                    Pass(_now + TimeSpan.FromMilliseconds(operation * 4));
                    return;
            }

            // One answer, one check of its own, one hastened, one of consent; all others wait for their time.
            Promise.Check(_sent - before <= 8);
            Promise.Check(Agent.LocalCandidates.Count <= 20);
            Promise.Check(Agent.Selected is not null || Agent.State != IceAgentState.Connected);
            Promise.Check(Agent.Selected is null || Agent.State is not (IceAgentState.Failed or IceAgentState.New));
        }

        public void Pass(TimeSpan until)
        {
            for (var rounds = 0; Agent.NextDeadline <= until; rounds++)
            {
                _now = Agent.NextDeadline > _now ? Agent.NextDeadline : _now;
                Agent.HandleTimeout(_now);
                Promise.Check(Agent.NextDeadline > _now);
                Promise.Check(rounds < 20_000);
            }

            _now = until > _now ? until : _now;
        }

        /// <summary>An authentic message of the peer's, with any attributes; answers carry the id of the last check.</summary>
        private void Sign(StunClass messageClass, string password, byte operation, TransportAddress from, ReadOnlySpan<byte> attributes)
        {
            var writer = new StunWriter(_buffer, messageClass, StunMethod.Binding, _lastId);
            if (messageClass == StunClass.Request)
            {
                writer.WriteUsername("evtj:h6vY"u8);
            }

            if ((operation & 8) != 0)
            {
                writer.WriteUseCandidate();
            }

            if ((operation & 16) != 0)
            {
                writer.WriteIceControlling(ulong.MaxValue);
            }

            if ((operation & 32) != 0)
            {
                writer.WriteXorMappedAddress(from);
            }

            if ((operation & 64) != 0)
            {
                writer.WriteErrorCode(487, default);
            }

            if (attributes.Length is > 0 and < 1000)
            {
                writer.Write((StunAttribute)attributes[0], attributes[1..]);
            }

            writer.WriteIntegrity(Encoding.UTF8.GetBytes(password));
            writer.WriteFingerprint();
            Agent.HandleStun(0, from, writer.Written, _now);
        }
    }
}
