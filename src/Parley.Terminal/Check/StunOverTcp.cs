using System.Buffers.Binary;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Parley.Client;
using Parley.Media.Stun;

namespace Parley.Terminal.Check;

/// <summary>One Binding request over a TCP connection, and its answer.</summary>
internal static class StunOverTcp
{
    /// <summary>96 bits (RFC 8489 §5).</summary>
    private const int TransactionIdLength = 12;

    /// <summary>Peer-reflexive over TCP, as RFC 8445 §5.1.2.1 has it; nobody compares it.</summary>
    private const uint Priority = 0x6E00_00FF;

    /// <summary>A check of ICE, authenticated and framed (RFC 4571 §2, RFC 6544 §3).</summary>
    public static async Task AskIceAsync(string host, int port, string localUfrag, string remoteUfrag, string remotePassword, CancellationToken cancellation)
    {
        var transaction = RandomNumberGenerator.GetBytes(TransactionIdLength);
        var key = Encoding.UTF8.GetBytes(remotePassword);
        using var socket = new TcpClient { NoDelay = true };
        await socket.ConnectAsync(host, port, cancellation).ConfigureAwait(false);
        await using var stream = socket.GetStream();
        var request = IceRequest(transaction, $"{remoteUfrag}:{localUfrag}", key);
        var framed = new byte[2 + request.Length];
        BinaryPrimitives.WriteUInt16BigEndian(framed, (ushort)request.Length);
        request.CopyTo(framed, 2);
        await stream.WriteAsync(framed, cancellation).ConfigureAwait(false);

        var head = new byte[2];
        await stream.ReadExactlyAsync(head, cancellation).ConfigureAwait(false);
        var length = BinaryPrimitives.ReadUInt16BigEndian(head);
        if (length is < StunMessage.HeaderLength or > StunMessage.MaxLength) throw Nonsense();
        var answer = new byte[length];
        await stream.ReadExactlyAsync(answer, cancellation).ConfigureAwait(false);
        if (!IsAnswer(answer, transaction, key)) throw Nonsense();
    }

    /// <summary>A plain Binding request to a TURN server; over a stream its length says where it ends (RFC 8489 §6.2.2).</summary>
    public static async Task AskServerAsync(string host, int port, RemoteCertificateValidationCallback? tls, CancellationToken cancellation)
    {
        var transaction = RandomNumberGenerator.GetBytes(TransactionIdLength);
        using var socket = new TcpClient { NoDelay = true };
        await socket.ConnectAsync(host, port, cancellation).ConfigureAwait(false);
        await using Stream stream = tls is null ? socket.GetStream() : new SslStream(socket.GetStream(), leaveInnerStreamOpen: false, tls);
        if (stream is SslStream secure) await secure.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = host }, cancellation).ConfigureAwait(false);
        await stream.WriteAsync(PlainRequest(transaction), cancellation).ConfigureAwait(false);

        var answer = new byte[StunMessage.MaxLength];
        await stream.ReadExactlyAsync(answer.AsMemory(0, StunMessage.HeaderLength), cancellation).ConfigureAwait(false);
        var length = BinaryPrimitives.ReadUInt16BigEndian(answer.AsSpan(2));
        if (StunMessage.HeaderLength + length > answer.Length) throw Nonsense();
        await stream.ReadExactlyAsync(answer.AsMemory(StunMessage.HeaderLength, length), cancellation).ConfigureAwait(false);
        if (!IsAnswer(answer.AsSpan(0, StunMessage.HeaderLength + length), transaction, null)) throw Nonsense();
    }

    /// <summary>The passive TCP candidates of a description (RFC 6544 §4.5): address and port.</summary>
    public static IReadOnlyList<(string Host, int Port)> PassiveCandidates(string sdp)
    {
        var found = new List<(string, int)>();
        foreach (var line in sdp.Split('\n'))
        {
            var words = line.Trim().Split(' ');
            if (words is [var first, _, var transport, _, var host, var port, "typ", _, .. var rest]
                && first.StartsWith("a=candidate:", StringComparison.Ordinal)
                && transport.Equals("tcp", StringComparison.OrdinalIgnoreCase)
                && string.Join(' ', rest).Contains("tcptype passive", StringComparison.OrdinalIgnoreCase)
                && System.Net.IPAddress.TryParse(host, out _)
                && ushort.TryParse(port, out var number) && number > 0)
            {
                found.Add((host, number));
            }
        }

        return found;
    }

    /// <summary>The first of these attributes in a description.</summary>
    public static string? Attribute(string sdp, string name) => sdp.Split('\n')
        .Select(line => line.Trim())
        .Where(line => line.StartsWith($"a={name}:", StringComparison.Ordinal))
        .Select(line => line[(name.Length + 3)..])
        .FirstOrDefault();

    private static byte[] IceRequest(byte[] transaction, string username, byte[] key)
    {
        var writer = new StunWriter(new byte[StunMessage.MaxLength], StunClass.Request, StunMethod.Binding, transaction);
        writer.WriteUsername(Encoding.UTF8.GetBytes(username));
        writer.WritePriority(Priority);
        writer.WriteIceControlling(BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong))));
        writer.WriteIntegrity(key);
        writer.WriteFingerprint();
        return writer.Written.ToArray();
    }

    private static byte[] PlainRequest(byte[] transaction)
    {
        var writer = new StunWriter(new byte[StunMessage.HeaderLength + 8], StunClass.Request, StunMethod.Binding, transaction);
        writer.WriteFingerprint();
        return writer.Written.ToArray();
    }

    private static bool IsAnswer(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> transaction, byte[]? key) =>
        StunMessage.TryParse(bytes, out var message) == StunParseResult.Ok
        && message.Class == StunClass.SuccessResponse
        && message.TransactionId.SequenceEqual(transaction)
        && (key is null || message.VerifyIntegrity(key));

    private static ParleyException Nonsense() => new(ParleyError.Unreachable, "Something else than a Parley server answers there.");
}
