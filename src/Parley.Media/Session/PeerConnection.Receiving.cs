using System.Text;
using Parley.Media.Forwarding;
using Parley.Media.Rtp;
using Parley.Media.Srtp;

namespace Parley.Media.Session;

/// <summary>What a participant sends: whose microphone, camera or screen a packet is of, and of which encoding.</summary>
public sealed partial class PeerConnection
{
    /// <summary>An honest client starts a handful of streams; one that starts them without end would flood its viewers with switches.</summary>
    private const int MaxBinds = 64;

    private readonly Dictionary<uint, IRtpReceiver> _receivers = [];

    /// <summary>Whose retransmissions an SSRC carries (RFC 4588).</summary>
    private readonly Dictionary<uint, VideoEncoding> _repairs = [];
    private readonly VideoSource[] _videos;
    private readonly PlayTime _playTime = new();
    private AudioReceiver? _audio;
    private int _binds;

    private void HandleRtp(Span<byte> datagram, TimeSpan now)
    {
        if (_srtpIn!.TryUnprotect(datagram, out var length, out var index) != SrtpUnprotectResult.Ok)
        {
            Drop(DropReason.Srtp);
            return;
        }

        _room.Counters.OnReceived(datagram.Length);
        Counters.OnReceived(datagram.Length);
        if (!RtpPacket.TryParse(datagram[..length], out var packet))
        {
            Drop(DropReason.Rtp);
            return;
        }

        if (_media is { } media && packet.TryGetTransportSequenceNumber(media.Extensions, out var transportSequence))
        {
            _transportCc.OnPacket(transportSequence, now);
            _feedbackSsrc = packet.Ssrc;
            _engine.Arm(this, _transportCc.NextDeadline);
        }

        if (_receivers.TryGetValue(packet.Ssrc, out var receiver) && receiver.PayloadType == packet.PayloadType)
        {
            receiver.OnPacket(in packet, index, now);
            if (!receiver.IsEnabled) Drop(DropReason.SourceOff);
            if (receiver is VideoEncoding encoding) _engine.Arm(this, encoding.NextDeadline);
        }
        else if (FindRepaired(in packet) is { } repaired)
        {
            if (RtxPacket.TryRestore(datagram[..length], repaired.Format.PayloadType, repaired.Ssrc, out var original)
                && RtpPacket.TryParse(original, out var restored)
                && repaired.OnRetransmission(in restored, now)) Count(Occurrence.Repaired);
        }
        else if (Bind(in packet) is { } bound)
        {
            bound.OnPacket(in packet, index, now);
            if (!bound.IsEnabled) Drop(DropReason.SourceOff);
            Arm();
        }
    }

    /// <summary>
    /// Finds the m-line of a new SSRC: announced in the offer, or named by the MID extension (RFC 8843 §9.2), and its encoding by the RID
    /// (RFC 8852 §3.1). The packet is authenticated, so only this participant can bind an SSRC, and only to their own m-lines. An SSRC
    /// that is bound may come with another of its line's codecs.
    /// </summary>
    private IRtpReceiver? Bind(in RtpPacket packet)
    {
        if (_media is not { } media || _binds >= MaxBinds) return Drop(DropReason.UnknownSsrc);
        packet.TryGetMid(media.Extensions, out var mid);
        if (media.Audio is { } audio && (Names(audio.Mid, audio.Ssrcs, mid, packet.Ssrc) || _audio?.Ssrc == packet.Ssrc))
        {
            if (packet.PayloadType != audio.PayloadType) return Drop(DropReason.UnknownPayloadType);
            _binds++;
            if (_audio is not null) _receivers.Remove(_audio.Ssrc);
            Inbox.Restart();
            _audio = new AudioReceiver(packet.Ssrc, audio.PayloadType, media.Extensions, this);
            return _receivers[packet.Ssrc] = _audio;
        }

        var before = _receivers.GetValueOrDefault(packet.Ssrc) as VideoEncoding;
        for (var i = 0; i < media.Videos.Count; i++)
        {
            var line = media.Videos[i];
            var source = _videos[(int)line.Kind];
            if (before is null ? !Names(line.Mid, line.Ssrcs, mid, packet.Ssrc) : !ReferenceEquals(before.Source, source)) continue;
            if (FindFormat(line, packet.PayloadType) is not { } format) return Drop(DropReason.UnknownPayloadType);
            if (before is not null && before.Format.Codec == format.Codec)
            {
                // Another number for the same, as a new offer may give.
                before.Format = format;
                return before;
            }

            var number = before?.Number ?? FindNumber(line, in packet, media.Extensions);
            return number < 0 ? Drop(DropReason.UnknownSsrc) : Start(source, number, packet.Ssrc, format, media.Extensions);
        }

        return Drop(DropReason.UnknownSsrc);
    }

    private VideoEncoding Start(VideoSource source, int number, uint ssrc, VideoFormat format, RtpExtensionMap extensions)
    {
        _binds++;
        if (source.Encodings[number] is { } replaced)
        {
            _receivers.Remove(replaced.Ssrc);
            foreach (var (repair, repaired) in _repairs)
            {
                if (ReferenceEquals(repaired, replaced)) _repairs.Remove(repair);
            }
        }

        var encoding = new VideoEncoding(source, number, ssrc, format, extensions, _engine.PacketPages);
        _receivers[ssrc] = encoding;
        source.Put(encoding);
        return encoding;
    }

    /// <summary>
    /// The encoding whose retransmission this packet is: its SSRC was announced as that of the encoding's (RFC 5576 §4.2, FID), or it names
    /// the encoding's rid (RFC 8852 §3.2). Null when it is none.
    /// </summary>
    private VideoEncoding? FindRepaired(in RtpPacket packet)
    {
        if (_repairs.TryGetValue(packet.Ssrc, out var known)) return packet.PayloadType == known.Format.RtxPayloadType ? known : null;
        if (_media is not { } media || _repairs.Count >= MaxBinds) return null;
        packet.TryGetMid(media.Extensions, out var mid);
        for (var i = 0; i < media.Videos.Count; i++)
        {
            var line = media.Videos[i];
            foreach (var encoding in _videos[(int)line.Kind].Encodings)
            {
                if (encoding is null || encoding.Format.RtxPayloadType != packet.PayloadType || !Repairs(line, encoding, in packet, mid, media.Extensions)) continue;
                return _repairs[packet.Ssrc] = encoding;
            }
        }

        return null;
    }

    private static bool Repairs(VideoLine line, VideoEncoding encoding, in RtpPacket packet, ReadOnlySpan<byte> mid, RtpExtensionMap extensions)
    {
        for (var i = 0; i < line.RepairSsrcs.Count; i++)
        {
            if (line.RepairSsrcs[i] == (encoding.Ssrc, packet.Ssrc)) return true;
        }

        if (mid.IsEmpty || !Ascii.Equals(mid, line.Mid)) return false;
        return line.Rids.Count == 0
            ? encoding.Number == 0
            : packet.TryGetRepairedRtpStreamId(extensions, out var rid) && Ascii.Equals(rid, line.Rids[encoding.Number]);
    }

    private static VideoFormat? FindFormat(VideoLine line, byte payloadType)
    {
        for (var i = 0; i < line.Formats.Count; i++)
        {
            if (line.Formats[i].PayloadType == payloadType) return line.Formats[i];
        }

        return null;
    }

    /// <summary>Which encoding a packet is of; −1 when it names none of the line's.</summary>
    private static int FindNumber(VideoLine line, in RtpPacket packet, RtpExtensionMap extensions)
    {
        if (line.Rids.Count == 0) return 0;
        if (!packet.TryGetRtpStreamId(extensions, out var rid)) return -1;
        for (var i = 0; i < Math.Min(line.Rids.Count, VideoSource.MaxEncodings); i++)
        {
            if (Ascii.Equals(rid, line.Rids[i])) return i;
        }

        return -1;
    }

    private static bool Names(string lineMid, IReadOnlyList<uint> announced, ReadOnlySpan<byte> mid, uint ssrc)
    {
        if (!mid.IsEmpty) return Ascii.Equals(mid, lineMid);
        for (var i = 0; i < announced.Count; i++)
        {
            if (announced[i] == ssrc) return true;
        }

        return false;
    }
}
