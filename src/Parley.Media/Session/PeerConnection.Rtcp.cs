using Parley.Media.Forwarding;
using Parley.Media.Rtcp;
using Parley.Media.Rtp;
using Parley.Media.Srtp;

namespace Parley.Media.Session;

/// <summary>The RTCP of one connection (RFC 3550 §6, RFC 4585, RFC 5506): reports, feedback given and feedback taken.</summary>
public sealed partial class PeerConnection
{
    private const int MaxRtcpLength = 1_200;
    private const int MaxNacksPerPacket = 128;

    /// <summary>RFC 3550's 5 % would allow more; one a second is what browsers send and keeps round-trip times fresh.</summary>
    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(1);

    /// <summary>Reports are due at multiples of it: those of many leave together, and a worker wakes less often.</summary>
    private static readonly TimeSpan ReportStep = TimeSpan.FromMilliseconds(100);

    /// <summary>Assumed until a report has told the round trip.</summary>
    private static readonly TimeSpan InitialRoundTrip = TimeSpan.FromMilliseconds(100);

    private readonly TransportCcRecorder _transportCc = new();
    private readonly byte[] _cname = "parley"u8.ToArray();
    private TimeSpan _nextReport;
    private TimeSpan? _measuredRoundTrip;
    private LossCount _mixLost;
    private uint _feedbackSsrc;
    private int _audioLossPercent;

    /// <summary>The round trip to the peer as its last report tells it.</summary>
    public TimeSpan RoundTrip => _measuredRoundTrip ?? InitialRoundTrip;

    /// <summary>When <see cref="HandleTimeout"/> is due.</summary>
    internal TimeSpan NextDeadline
    {
        get
        {
            if (!HasKeys) return Ice.NextDeadline;
            var next = Min(Min(Ice.NextDeadline, _down.NextDeadline), Min(_nextReport, _transportCc.NextDeadline));
            foreach (var video in _videos)
            {
                next = Min(next, video.NextDeadline);
                foreach (var encoding in video.Encodings)
                {
                    if (encoding is not null) next = Min(next, encoding.NextDeadline);
                }
            }

            return next;
        }
    }

    /// <summary>The share of the mix the listener lost last, in percent; read by the mixer's thread.</summary>
    internal int AudioLossPercent => Volatile.Read(ref _audioLossPercent);

    private uint SenderSsrc => _media?.Audio?.SendSsrc ?? 1;

    internal void HandleTimeout(TimeSpan now)
    {
        var before = Ice.State;
        Ice.HandleTimeout(now);
        Report(before);
        if (_closed || !HasKeys) return;

        if (now >= _nextReport)
        {
            _nextReport = NextReport(now);
            SendReports(now);
        }

        if (now >= _transportCc.NextDeadline) SendTransportFeedback(now);
        foreach (var video in _videos)
        {
            if (now >= video.NextDeadline) video.HandleTimeout(now);
            foreach (var encoding in video.Encodings)
            {
                if (encoding is null || now < encoding.NextDeadline) continue;
                if (encoding.OwesNacks(now)) SendNacks(encoding, now);
                if (encoding.TryTakeKeyframeRequest(now)) SendKeyframeRequest(encoding);
            }
        }

        _down.HandleTimeout(now);
    }

    private void HandleRtcp(Span<byte> datagram, TimeSpan now)
    {
        if (_srtcpIn!.TryUnprotect(datagram, out var length) != SrtpUnprotectResult.Ok)
        {
            Drop(DropReason.Srtp);
            return;
        }

        var reader = new RtcpReader(datagram[..length]);
        while (reader.TryRead(out var packet))
        {
            if (SenderReport.TryParse(in packet, out var senderReport))
            {
                var info = senderReport.Info;
                if (_receivers.TryGetValue(info.Ssrc, out var receiver))
                {
                    var captured = info.NtpTime.Since(_engine.Origin);
                    _playTime.OnReport(captured, now);
                    receiver.OnSenderReport(in info, captured, now);
                }

                foreach (var block in senderReport.ReportBlocks) OnReportBlock(in block, now);
            }
            else if (ReceiverReport.TryParse(in packet, out var receiverReport))
            {
                foreach (var block in receiverReport.ReportBlocks) OnReportBlock(in block, now);
            }
            else if (GenericNack.TryParse(in packet, out var nack))
            {
                if (_down.Find(nack.MediaSsrc) is not { } slot) continue;
                foreach (var lost in nack)
                {
                    Count(Occurrence.NackReceived);
                    Count(_down.Retransmit(slot, lost, now) ? Occurrence.Retransmitted : Occurrence.RetransmissionRefused);
                }
            }
            else if (TransportCcFeedback.TryParse(in packet, out var feedback))
            {
                _down.OnFeedback(in feedback, now);
            }
            else if (ReceiverEstimatedMaximumBitrate.TryParse(in packet, out var remb))
            {
                _down.OnRemb((long)remb.Bitrate);
            }
            else if (PictureLossIndication.TryParse(in packet, out var loss))
            {
                OnKeyframeRequested(loss.MediaSsrc);
            }
            else if (FullIntraRequest.TryParse(in packet, out var request))
            {
                for (var i = 0; i < request.Count; i++) OnKeyframeRequested(request[i].Ssrc);
            }
        }

        if (reader.Error != RtcpReadError.None) Drop(DropReason.Rtcp);
    }

    private void OnKeyframeRequested(uint ssrc)
    {
        if (_down.Find(ssrc) is not { } slot) return;
        Count(Occurrence.KeyframeRequestReceived);
        slot.OnKeyframeRequested();
    }

    private void OnReportBlock(in ReportBlock block, TimeSpan now)
    {
        // What the listener loses of the mix decides how much FEC the encoder spends (RFC 6716 §2.1.7).
        if (block.Ssrc == SenderSsrc)
        {
            Volatile.Write(ref _audioLossPercent, block.FractionLost * 100 / 256);
            Count(Occurrence.ReportedLost, _mixLost.Take(block.CumulativeLost));
        }
        else if (_down.Find(block.Ssrc) is { } slot)
        {
            Count(Occurrence.ReportedLost, slot.TakeLost(block.CumulativeLost));
        }

        // A round trip of over two seconds is a report that waited, not a network.
        if (block.RoundTripTime(_engine.Origin.Add(now)) is { } roundTrip && roundTrip < TimeSpan.FromSeconds(2)) _measuredRoundTrip = roundTrip;
    }

    private void SendReports(TimeSpan now)
    {
        Span<ReportBlock> blocks = stackalloc ReportBlock[1 + _videos.Length * VideoSource.MaxEncodings];
        var count = 0;
        if (_audio is { HasNews: true }) blocks[count++] = BuildReportBlock(_audio, now);
        foreach (var video in _videos)
        {
            foreach (var encoding in video.Encodings)
            {
                if (encoding is { HasNews: true }) blocks[count++] = BuildReportBlock(encoding, now);
            }
        }

        var time = _engine.Origin.Add(now);
        var writer = new RtcpWriter(RtcpBuffer);
        if (_downlink is { PacketCount: > 0 } downlink)
        {
            var info = new SenderInfo(SenderSsrc, time, downlink.TimestampAt(now), downlink.PacketCount, downlink.OctetCount);
            writer.WriteSenderReport(in info, blocks[..count]);
        }
        else
        {
            writer.WriteReceiverReport(SenderSsrc, blocks[..count]);
        }

        writer.WriteSourceDescription(SenderSsrc, _cname);
        for (var i = 0; i < _down.Count; i++)
        {
            var slot = _down[i];
            if (slot.PacketCount == 0 || slot.Current is null) continue;
            var info = new SenderInfo(slot.Ssrc, time, slot.TimestampAt(now), slot.PacketCount, slot.OctetCount);
            if (writer.WriteSenderReport(in info)) continue;

            // Full: what follows goes in a compound of its own.
            SendRtcp(writer.Length);
            writer = new RtcpWriter(RtcpBuffer);
            writer.WriteSenderReport(in info);
        }

        SendRtcp(writer.Length);
    }

    private ReportBlock BuildReportBlock(IRtpReceiver receiver, TimeSpan now)
    {
        Count(Occurrence.Lost, receiver.TakeLost());
        return receiver.BuildReportBlock(now);
    }

    private void SendTransportFeedback(TimeSpan now)
    {
        while (_transportCc.TryBuildFeedback(now, SenderSsrc, _feedbackSsrc, RtcpBuffer, out var length)) SendRtcp(length);
    }

    private void SendNacks(VideoEncoding video, TimeSpan now)
    {
        Span<ushort> lost = stackalloc ushort[MaxNacksPerPacket];
        var count = video.CollectNacks(now, RoundTrip, lost);
        if (count == 0) return;
        var writer = new RtcpWriter(RtcpBuffer);
        if (!writer.WriteNack(SenderSsrc, video.Ssrc, lost[..count])) return;
        Count(Occurrence.NackSent, count);
        SendRtcp(writer.Length);
    }

    private void SendKeyframeRequest(VideoEncoding video)
    {
        var writer = new RtcpWriter(RtcpBuffer);
        if (!writer.WritePictureLossIndication(SenderSsrc, video.Ssrc)) return;
        Count(Occurrence.KeyframeRequestSent);
        SendRtcp(writer.Length);
    }

    private Span<byte> RtcpBuffer => _engine.SendBuffer[..MaxRtcpLength];

    private void SendRtcp(int length)
    {
        if (length == 0 || _remote is not { } remote) return;
        var buffer = _engine.SendBuffer;
        SendInBatch(remote.Value, buffer[.._srtcpOut!.Protect(buffer[..(length + SrtcpOutbound.MaxOverhead)], length)]);
    }

    /// <summary>Sends with all else that the batch at hand gives rise to: a call of its own wakes the receiver's system once more.</summary>
    private void SendInBatch(TransportAddress to, ReadOnlySpan<byte> datagram)
    {
        datagram.CopyTo(_engine.Sink.Reserve(datagram.Length));
        _engine.Sink.Commit(to, datagram.Length);
    }

    private static TimeSpan NextReport(TimeSpan now) => new((now + ReportInterval).Ticks / ReportStep.Ticks * ReportStep.Ticks);

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
