using System.Text;
using Parley.Media.Stun;
using Parley.Media.Turn;

namespace Parley.Media.Tests.Turn;

/// <summary>A server with relay ports in memory, and a client that says exactly what a test wants said.</summary>
internal sealed class TurnServerWorld : ITurnHost
{
    public const string User = "ada";

    public static readonly DateTimeOffset Origin = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);
    public static readonly TransportAddress Client = TransportAddress.FromIPv4(0xCB007105, 40000);
    public static readonly TransportAddress Bob = TransportAddress.FromIPv4(0xC0000207, 50001);
    public static readonly TransportAddress Carol = TransportAddress.FromIPv4(0xC0000208, 50002);
    public static readonly TransportAddress Relay = TransportAddress.FromIPv4(0xC6336401, 50000);
    public static readonly TransportAddress RelayIPv6 = new((UInt128)0x20010DB8 << 96 | 1, 50000);

    private static readonly byte[] Realm = "parley"u8.ToArray();

    private readonly Dictionary<TurnFlow, byte[]> _nonces = [];
    private int _transactions;
    private ushort _nextPort = 50000;

    public TurnServerWorld(TurnServerOptions? options = null)
    {
        Secret = new TurnSecret("a secret of the tests"u8);
        Server = new TurnServer(options ?? new TurnServerOptions(), Secret, this, RandomSource.Seeded(1), Origin);
        Credentials = Secret.Issue(User, Origin);
    }

    /// <summary>Talks to a server of another host, which keeps what it sends.</summary>
    public TurnServerWorld(TurnServer server, List<(TurnFlow Client, byte[] Message)> sent)
        : this()
    {
        Server = server;
        Sent = sent;
    }

    public TurnSecret Secret { get; }

    public TurnServer Server { get; }

    /// <summary>What requests are made with.</summary>
    public TurnUserCredentials Credentials { get; set; }

    public TurnFlow Flow { get; set; } = new(Client);

    public TimeSpan Now { get; set; } = TimeSpan.FromSeconds(100);

    public bool HasPorts { get; set; } = true;

    public bool HasIPv6 { get; set; } = true;

    public List<Port> Ports { get; } = [];

    public List<(TurnFlow Client, byte[] Message)> Sent { get; } = [];

    public List<(TurnFlow Client, byte[] Message)> Data { get; } = [];

    public bool Relays(TurnFlow client, bool ipv6) => !ipv6 || HasIPv6;

    public ITurnRelay? OpenRelay(TurnFlow client, bool ipv6, bool evenPort)
    {
        if (!HasPorts) return null;
        if (evenPort && _nextPort % 2 != 0) _nextPort++;
        var port = new Port((ipv6 ? RelayIPv6 : Relay) with { Port = _nextPort++ });
        Ports.Add(port);
        return port;
    }

    public void Send(TurnFlow client, ReadOnlySpan<byte> message) => Sent.Add((client, message.ToArray()));

    public void SendData(TurnFlow client, ReadOnlySpan<byte> message) => Data.Add((client, message.ToArray()));

    /// <summary>Sends a request as a client does that has been challenged, and returns the answer.</summary>
    public Answer? Ask(StunMethod method, Write? write = null, byte[]? transactionId = null)
    {
        if (!_nonces.TryGetValue(Flow, out var nonce))
        {
            nonce = Exchange(Bare(method, null))!.Nonce!;
            _nonces[Flow] = nonce;
        }

        return Exchange(Request(method, write, nonce, transactionId));
    }

    /// <summary>Forgets the nonce, as a client does that was told it is stale.</summary>
    public void ForgetNonce() => _nonces.Remove(Flow);

    public Answer? Allocate(byte[]? transactionId = null, uint? lifetime = null) => Ask(
        StunMethod.Allocate,
        (ref request) =>
        {
            request.WriteRequestedTransport(17);
            if (lifetime is { } seconds) request.WriteLifetime(seconds);
        },
        transactionId);

    public Answer? Refresh(uint? lifetime = null) => Ask(StunMethod.Refresh, (ref request) =>
    {
        if (lifetime is { } seconds) request.WriteLifetime(seconds);
    });

    public Answer? Permit(params TransportAddress[] peers) => Ask(StunMethod.CreatePermission, (ref request) =>
    {
        foreach (var peer in peers) request.WriteXorPeerAddress(peer);
    });

    public Answer? Bind(ushort channel, TransportAddress peer) => Ask(StunMethod.ChannelBind, (ref request) =>
    {
        request.WriteChannelNumber(channel);
        request.WriteXorPeerAddress(peer);
    });

    public void SendTo(TransportAddress peer, string text, Write? write = null)
    {
        var indication = new StunWriter(new byte[2048], StunClass.Indication, StunMethod.Send, new byte[12]);
        indication.WriteXorPeerAddress(peer);
        write?.Invoke(ref indication);
        indication.WriteData(Encoding.UTF8.GetBytes(text));
        Server.HandleMessage(Flow, indication.Written, Now);
    }

    public void SendIn(ushort channel, string text)
    {
        var buffer = new byte[2048];
        Server.HandleMessage(Flow, buffer.AsSpan(0, ChannelData.Write(buffer, channel, Encoding.UTF8.GetBytes(text))), Now);
    }

    /// <summary>A peer sends to the port.</summary>
    public void FromPeer(Port port, TransportAddress peer, string text) =>
        Server.HandlePeerDatagram(port, peer, Encoding.UTF8.GetBytes(text), Now);

    public Answer? Exchange(byte[] message)
    {
        var before = Sent.Count;
        Server.HandleMessage(Flow, message, Now);
        if (Sent.Count == before) return null;
        Assert.Equal(before + 1, Sent.Count);
        Assert.Equal(Flow, Sent[^1].Client);
        return new Answer(Sent[^1].Message, message, Key());
    }

    /// <summary>A request without credentials.</summary>
    public byte[] Bare(StunMethod method, Write? write)
    {
        var request = new StunWriter(new byte[1024], StunClass.Request, method, NextTransaction());
        write?.Invoke(ref request);
        return request.Written.ToArray();
    }

    public byte[] Request(StunMethod method, Write? write, byte[] nonce, byte[]? transactionId = null, byte[]? realm = null)
    {
        var request = new StunWriter(new byte[1024], StunClass.Request, method, transactionId ?? NextTransaction());
        write?.Invoke(ref request);
        request.WriteUsername(Encoding.UTF8.GetBytes(Credentials.Username));
        request.WriteRealm(realm ?? Realm);
        request.WriteNonce(nonce);
        request.WriteIntegrity(Key());
        return request.Written.ToArray();
    }

    /// <summary>The key in the RFC's words, not the server's.</summary>
    private byte[] Key()
    {
#pragma warning disable CA5351 // RFC 8489 §9.2.2 makes long-term keys with MD5.
        return System.Security.Cryptography.MD5.HashData(
            Encoding.UTF8.GetBytes($"{Credentials.Username}:{Encoding.UTF8.GetString(Realm)}:{Credentials.Password}"));
#pragma warning restore CA5351
    }

    private byte[] NextTransaction()
    {
        var id = new byte[12];
        BitConverter.TryWriteBytes(id, ++_transactions);
        return id;
    }

    public delegate void Write(ref StunWriter request);

    /// <summary>A relay port.</summary>
    public sealed class Port(TransportAddress address) : ITurnRelay
    {
        public TransportAddress Address => address;

        public List<(TransportAddress Peer, string Text)> Sent { get; } = [];

        public int Closed { get; private set; }

        public void Send(TransportAddress peer, ReadOnlySpan<byte> data) => Sent.Add((peer, Encoding.UTF8.GetString(data)));

        public void Close() => Closed++;
    }

    /// <summary>An answer, which was looked at as a client looks at it.</summary>
    public sealed class Answer
    {
        public Answer(byte[] bytes, byte[] request, byte[] key)
        {
            Bytes = bytes;
            Assert.Equal(StunParseResult.Ok, StunMessage.TryParse(bytes, out var message));
            Assert.Equal(StunParseResult.Ok, StunMessage.TryParse(request, out var asked));
            Assert.Equal(asked.Method, message.Method);
            Assert.True(asked.TransactionId.SequenceEqual(message.TransactionId));
            Assert.Equal(asked.HasFingerprint, message.HasFingerprint);
            Assert.True(message.Class is StunClass.SuccessResponse or StunClass.ErrorResponse);
            Code = message.Class == StunClass.SuccessResponse ? 0 : message.ErrorCode!.Value;
            IsSigned = message.HasIntegrity;
            if (IsSigned) Assert.True(message.VerifyIntegrity(key));
            Relayed = message.XorRelayedAddress;
            Mapped = message.XorMappedAddress;
            Lifetime = message.Lifetime;
            if (message.TryGetNonce(out var nonce)) Nonce = nonce.ToArray();
            if (message.TryGetRealm(out var realm)) RealmText = Encoding.UTF8.GetString(realm);
            if (message.TryGetAttribute(StunAttribute.UnknownAttributes, out var unknown)) Unknown = Convert.ToHexString(unknown);
        }

        public byte[] Bytes { get; }

        /// <summary>0 is success.</summary>
        public int Code { get; }

        public bool IsSigned { get; }

        public TransportAddress? Relayed { get; }

        public TransportAddress? Mapped { get; }

        public uint? Lifetime { get; }

        public byte[]? Nonce { get; }

        public string? RealmText { get; }

        public string? Unknown { get; }
    }
}
