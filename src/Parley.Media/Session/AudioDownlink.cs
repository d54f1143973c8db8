using System.Buffers.Binary;
using Parley.Media.Srtp;

namespace Parley.Media.Session;

/// <summary>
/// The mix on its way to one listener: RTP header, SRTP, send. Lives on the mixer's thread; the connection's own thread
/// only reads the counters for sender reports.
/// </summary>
internal sealed class AudioDownlink : IDisposable
{
    private const int HeaderLength = 12;

    private readonly PeerConnection _connection;
    private readonly SrtpOutboundStream _srtp;
    private readonly byte _payloadType;
    private readonly uint _ssrc;
    private readonly uint _timestampOffset;
    private long _sequence;
    private bool _silent = true;
    private long _packets;
    private long _octets;

    public AudioDownlink(PeerConnection connection, uint ssrc, byte payloadType, SrtpSessionKeys keys, RandomSource random)
    {
        _connection = connection;
        _ssrc = ssrc;
        _payloadType = payloadType;
        _srtp = new SrtpOutboundStream(keys);
        _sequence = random.NextUInt32() & 0x7FFF;
        _timestampOffset = random.NextUInt32();
    }

    /// <summary>Packets sent (RFC 3550 §6.4.1).</summary>
    public uint PacketCount => (uint)Volatile.Read(ref _packets);

    /// <summary>Payload octets sent.</summary>
    public uint OctetCount => (uint)Volatile.Read(ref _octets);

    /// <summary>
    /// The timestamp that belongs to a moment. Ticks lie on absolute time, so the stream's clock is that time itself and
    /// nothing needs to be shared between threads. A tick of 100 ns is 48,000 / 10,000,000 = 3 / 625 of the RTP clock's.
    /// </summary>
    public uint TimestampAt(TimeSpan now) => _timestampOffset + (uint)(now.Ticks * 3 / 625);

    /// <summary>Sends one frame of the mix, by the batch in whose memory it is written and protected.</summary>
    /// <returns>The bytes of the packet.</returns>
    public int Send(ReadOnlySpan<byte> opus, TimeSpan tick, IDatagramBatch batch)
    {
        var packet = batch.Reserve(HeaderLength + opus.Length + SrtpOutboundStream.MaxOverhead);

        // The marker is the first packet after silence (RFC 3551 §4.1).
        packet[0] = 0x80;
        packet[1] = (byte)(_payloadType | (_silent ? 0x80 : 0));
        _silent = false;
        _sequence++;
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], (ushort)_sequence);
        BinaryPrimitives.WriteUInt32BigEndian(packet[4..], TimestampAt(tick));
        BinaryPrimitives.WriteUInt32BigEndian(packet[8..], _ssrc);
        opus.CopyTo(packet[HeaderLength..]);
        var length = _srtp.Protect(packet, HeaderLength + opus.Length, _sequence);
        if (_connection.Remote is { } remote) batch.Commit(remote, length);
        _connection.Counters.OnMixed(length);
        Volatile.Write(ref _packets, _packets + 1);
        Volatile.Write(ref _octets, _octets + opus.Length);
        return length;
    }

    /// <summary>A frame of silence that is not sent (DTX): the next one that is carries the marker.</summary>
    public void Skip() => _silent = true;

    /// <inheritdoc/>
    public void Dispose() => _srtp.Dispose();
}
