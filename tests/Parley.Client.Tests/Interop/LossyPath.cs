using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace Parley.Client.Tests.Interop;

/// <summary>
/// A network between two peers of one address each that loses every so manieth packet of media. Each knows the other only by an address
/// of the path, which is put into the descriptions they exchange.
/// </summary>
internal sealed partial class LossyPath : IDisposable
{
    private readonly Face _first;
    private readonly Face _second;

    /// <param name="every">Which of each direction's RTP packets are lost; all else passes.</param>
    public LossyPath(int every)
    {
        _first = new Face(every);
        _second = new Face(every);
        _ = _first.Forward(_second);
        _ = _second.Forward(_first);
    }

    /// <summary>RTP packets of the first peer that were lost.</summary>
    public int LostOfFirst => _first.Lost;

    /// <summary>RTP packets of the second peer that were lost.</summary>
    public int LostOfSecond => _second.Lost;

    /// <summary>The first peer's description, as the second is to have it.</summary>
    public string OfFirst(string sdp) => Cover(sdp, _first, _second);

    /// <summary>The second peer's description, as the first is to have it.</summary>
    public string OfSecond(string sdp) => Cover(sdp, _second, _first);

    public void Dispose()
    {
        _first.Dispose();
        _second.Dispose();
    }

    private static string Cover(string sdp, Face own, Face other)
    {
        var candidates = Candidate().Matches(sdp);
        Assert.NotEmpty(candidates);

        // Its own addresses are of loopback, so only those can be reached from it.
        var address = candidates.OrderByDescending(candidate => candidate.Groups["address"].Value == "127.0.0.1").First().Groups;
        own.Peer = new IPEndPoint(IPAddress.Parse(address["address"].Value), int.Parse(address["port"].Value, System.Globalization.CultureInfo.InvariantCulture));
        return Candidate().Replace(sdp, match => $"{match.Groups["head"].Value}127.0.0.1 {other.Port} typ host");
    }

    [GeneratedRegex(@"(?<head>a=candidate:\S+ 1 udp \d+ )(?<address>\S+) (?<port>\d+) typ host", RegexOptions.IgnoreCase)]
    private static partial Regex Candidate();

    /// <summary>What one peer takes for the other.</summary>
    private sealed class Face : IDisposable
    {
        private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        private readonly int _every;
        private volatile IPEndPoint? _peer;
        private int _media;
        private int _lost;

        public Face(int every)
        {
            _every = every;
            _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        }

        /// <summary>Who sends to it.</summary>
        public IPEndPoint? Peer
        {
            get => _peer;
            set => _peer = value;
        }

        public int Port => ((IPEndPoint)_socket.LocalEndPoint!).Port;

        public int Lost => Volatile.Read(ref _lost);

        /// <summary>Carries what the peer sends to the other, until it is disposed of.</summary>
        public async Task Forward(Face other)
        {
            var buffer = new byte[2_048];
            var anyone = new IPEndPoint(IPAddress.Any, 0);
            try
            {
                while (true)
                {
                    var length = (await _socket.ReceiveFromAsync(buffer, anyone)).ReceivedBytes;
                    if (IsRtp(buffer.AsSpan(0, length)) && ++_media % _every == 0) Interlocked.Increment(ref _lost);
                    else if (other.Peer is { } to) await other._socket.SendToAsync(buffer.AsMemory(0, length), to);
                }
            }
            catch (Exception ended) when (ended is SocketException or ObjectDisposedException)
            {
                // The test is over.
            }
        }

        public void Dispose() => _socket.Dispose();

        /// <summary>RFC 7983 §7 and RFC 5761 §4.</summary>
        private static bool IsRtp(ReadOnlySpan<byte> datagram) => datagram is [>= 128 and < 192, < 192 or > 223, ..];
    }
}
