using System.Text;
using Parley.Media.Ice;
using Parley.Media.Stun;

namespace Parley.Media.Tests.Ice;

/// <summary>The remote side as a browser is: full, controlling, checking a lite agent.</summary>
internal sealed class IceTestPeer
{
    public static readonly TransportAddress Home = TransportAddress.FromIPv4(0xC0000201, 40000);
    public static readonly TransportAddress Elsewhere = TransportAddress.FromIPv4(0xC0000202, 40001);

    private readonly byte[] _response = new byte[IceLiteAgent.MaxResponseLength];

    public IceTestPeer(TimeSpan? created = null)
    {
        Agent = new IceLiteAgent(IceCredentials.Create(RandomSource.Seeded(1)), created ?? TimeSpan.Zero);
        Agent.SetRemote(Credentials);
    }

    public IceCredentials Credentials { get; } = IceCredentials.Create(RandomSource.Seeded(2));

    public IceLiteAgent Agent { get; }

    public byte[] Response { get; private set; } = [];

    /// <summary>A request before its integrity.</summary>
    public delegate void Fill(ref StunWriter writer);

    /// <summary>A check as the remote side sends it.</summary>
    public byte[] Check(bool nominate = false) => Request((ref StunWriter writer) =>
    {
        writer.WriteUsername(Username);
        writer.WriteIceControlling(7);
        writer.WritePriority(0x6e0001ff);
        if (nominate)
        {
            writer.WriteUseCandidate();
        }
    });

    public byte[] Username => Encoding.UTF8.GetBytes($"{Agent.Local.Ufrag}:{Credentials.Ufrag}");

    /// <summary>Any request with integrity and fingerprint.</summary>
    public byte[] Request(Fill fill, string? password = null, StunClass messageClass = StunClass.Request, int method = 1)
    {
        var writer = new StunWriter(new byte[1024], messageClass, (StunMethod)method, Stun.StunVectors.TransactionId);
        fill(ref writer);
        writer.WriteIntegrity(Encoding.UTF8.GetBytes(password ?? Agent.Local.Password));
        writer.WriteFingerprint();
        return writer.Written.ToArray();
    }

    /// <summary>Lets the agent handle a datagram and keeps its answer.</summary>
    public IceRequestResult Send(byte[] datagram, TransportAddress? from = null, double seconds = 0)
    {
        var result = Agent.HandleRequest(datagram, from ?? Home, TimeSpan.FromSeconds(seconds), _response, out var length);
        Response = _response[..length];
        return result;
    }
}
