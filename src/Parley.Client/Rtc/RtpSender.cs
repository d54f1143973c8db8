using System.Text;
using Parley.Media.Rtcp;
using Parley.Media.Rtp;
using Parley.Media.Sdp;
using Parley.Media.Srtp;

namespace Parley.Client.Rtc;

/// <summary>
/// One stream we send: numbers, stamps and protects its packets and counts them for sender reports. Media thread only;
/// allocates nothing per packet.
/// </summary>
internal sealed class RtpSender : IDisposable
{
    /// <summary>Packets that carry the MID: until then the peer has bound the SSRC, or it never does (RFC 9143 §9.2).</summary>
    private const int PacketsWithMid = 100;

    private readonly RtcPeer _peer;
    private readonly byte[] _mid;
    private readonly RtpExtensionMap _extensions = new();
    private readonly byte _payloadType;
    private readonly uint _timestampOffset;
    private readonly int _clockRate;
    private SrtpOutboundStream? _srtp;
    private long _index;
    private long _packets;
    private long _octets;

    /// <param name="peer">Whose stream it is.</param>
    /// <param name="line">Its m-line, which sends: SSRC, payload type and header extensions as settled.</param>
    /// <param name="clockRate">RTP timestamp units per second; a divisor of 10,000,000 times a small number.</param>
    /// <param name="cache">Whether packets are kept for those who ask again.</param>
    public RtpSender(RtcPeer peer, NegotiatedMedia line, int clockRate, bool cache)
    {
        _peer = peer;
        _mid = Encoding.ASCII.GetBytes(line.Mid);
        Ssrc = line.LocalSource!.Ssrc;
        _payloadType = line.PayloadType;
        foreach (var (uri, id) in line.SendExtensionIds)
        {
            if (RtpExtensionUris.TryGetType(uri, out var type)) _extensions[type] = id;
        }

        _clockRate = clockRate;
        Cache = cache ? new RtpPacketCache() : null;
        _index = peer.Random.NextUInt32() & 0x7FFF;
        _timestampOffset = peer.Random.NextUInt32();
    }

    /// <summary>The synchronization source.</summary>
    public uint Ssrc { get; }

    /// <summary>The last packets, for retransmission; null where nobody asks.</summary>
    public RtpPacketCache? Cache { get; }

    /// <summary>Packets sent (RFC 3550 §6.4.1).</summary>
    public long PacketCount => _packets;

    /// <summary>Payload octets sent.</summary>
    public long OctetCount => _octets;

    /// <summary>Packets sent again because the peer asked.</summary>
    public long Retransmitted { get; private set; }

    /// <summary>Whether keys are there, so that packets can leave.</summary>
    public bool IsOpen => _srtp is not null;

    /// <summary>From now on packets can leave.</summary>
    public void Open(SrtpSessionKeys keys) => _srtp ??= new SrtpOutboundStream(keys);

    /// <summary>The RTP timestamp of a moment on the stream's clock.</summary>
    public uint TimestampAt(TimeSpan time) => _timestampOffset + (uint)(long)((Int128)time.Ticks * _clockRate / TimeSpan.TicksPerSecond);

    /// <summary>Sends one packet.</summary>
    /// <param name="payload">What follows the header.</param>
    /// <param name="time">Its moment on the stream's clock.</param>
    /// <param name="marker">The marker bit.</param>
    /// <param name="level">The audio level to tell, if the stream is audio (RFC 6464).</param>
    /// <param name="now">The present.</param>
    public void Send(ReadOnlySpan<byte> payload, TimeSpan time, bool marker, AudioLevel? level, TimeSpan now)
    {
        if (_srtp is null) return;
        _index++;
        var buffer = _peer.SendBuffer;
        var writer = new RtpWriter(buffer);
        writer.WriteHeader(_payloadType, marker, (ushort)_index, TimestampAt(time), Ssrc);
        WriteExtensions(ref writer, level);
        if (!writer.WritePayload(payload)) return;
        Cache?.Store(_index, buffer[..writer.Length], now);
        _packets++;
        _octets += payload.Length;
        _peer.SendProtected(buffer[.._srtp.Protect(buffer, writer.Length, _index)]);
    }

    /// <summary>
    /// Sends a packet again, if it is still there: byte for byte as it was, because another packet under the same index would
    /// give the keystream away (RFC 3711 §9.1).
    /// </summary>
    public void Retransmit(ushort sequenceNumber, TimeSpan now)
    {
        if (_srtp is null || Cache is null || !Cache.TryGet(sequenceNumber, now, out var packet)) return;
        var buffer = _peer.SendBuffer;
        packet.CopyTo(buffer);
        var index = _index + (short)(sequenceNumber - (ushort)_index);
        Retransmitted++;
        _peer.SendProtected(buffer[.._srtp.Protect(buffer, packet.Length, index)]);
    }

    /// <summary>What a sender report says of the stream (RFC 3550 §6.4.1).</summary>
    public SenderInfo Report(NtpTime time, TimeSpan now) => new(Ssrc, time, TimestampAt(now), (uint)_packets, (uint)_octets);

    /// <inheritdoc/>
    public void Dispose()
    {
        _srtp?.Dispose();
        Cache?.Dispose();
    }

    private void WriteExtensions(ref RtpWriter writer, AudioLevel? level)
    {
        var ids = _extensions;
        Span<byte> value = stackalloc byte[2];
        writer.BeginExtensions();
        if (ids[RtpExtensionType.Mid] is not 0 and var mid && _packets < PacketsWithMid) writer.AddExtension(mid, _mid);
        if (ids[RtpExtensionType.AudioLevel] is not 0 and var levelId && level is { } loudness)
        {
            loudness.Write(value);
            writer.AddExtension(levelId, value[..AudioLevel.Length]);
        }

        if (ids[RtpExtensionType.TransportSequenceNumber] is not 0 and var transport)
        {
            System.Buffers.Binary.BinaryPrimitives.WriteUInt16BigEndian(value, _peer.NextTransportSequence());
            writer.AddExtension(transport, value);
        }

        writer.EndExtensions();
    }
}
