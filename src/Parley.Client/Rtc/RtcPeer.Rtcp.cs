using System.Text;
using Parley.Media.Rtcp;
using Parley.Media.Srtp;

namespace Parley.Client.Rtc;

/// <summary>The RTCP of one connection (RFC 3550 §6, RFC 4585, RFC 5104, RFC 5506): reports, feedback given and taken.</summary>
internal sealed partial class RtcPeer
{
    private const int MaxRtcpLength = 1_200;
    private const int MaxNacksPerPacket = 128;

    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(1);

    /// <summary>Assumed until a check or a report has told the round trip.</summary>
    private static readonly TimeSpan InitialRoundTrip = TimeSpan.FromMilliseconds(100);

    private readonly TransportCcRecorder _transportCc = new();
    private readonly byte[] _cname;
    private TimeSpan _nextReport;
    private uint _feedbackSsrc;

    /// <summary>The round trip to the peer, by the latest consent check.</summary>
    public TimeSpan RoundTrip => Ice.Selected is { RoundTripTime: var time } && time > TimeSpan.Zero ? time : InitialRoundTrip;

    private uint SenderSsrc => Microphone?.Stream.Ssrc ?? (_cameras.Count > 0 ? _cameras[0].Stream.Ssrc : 1);

    private Span<byte> RtcpBuffer => _sendBuffer.AsSpan(0, MaxRtcpLength);

    /// <summary>Asks the peer for a keyframe, for a decoder that stands still; too many in a row are left out.</summary>
    public void RequestKeyframe(string mid, TimeSpan now)
    {
        _now = now;
        if (!HasKeys || _receivers.Find(receiver => receiver.Mid == mid) is not VideoReceiver video || !video.TakeKeyframeWish(now)) return;
        SendKeyframeRequest(video);
    }

    private void HandleRtcp(Span<byte> datagram, TimeSpan now)
    {
        if (_srtcpIn!.TryUnprotect(datagram, out var length) != SrtpUnprotectResult.Ok)
        {
            Counters.Dropped++;
            return;
        }

        var reader = new RtcpReader(datagram[..length]);
        while (reader.TryRead(out var packet))
        {
            if (SenderReport.TryParse(in packet, out var senderReport))
            {
                var info = senderReport.Info;
                if (_bySsrc.TryGetValue(info.Ssrc, out var receiver)) receiver.OnSenderReport(info.NtpTime, now);
                foreach (var block in senderReport.ReportBlocks) OnReportBlock(in block);
            }
            else if (ReceiverReport.TryParse(in packet, out var receiverReport))
            {
                foreach (var block in receiverReport.ReportBlocks) OnReportBlock(in block);
            }
            else if (GenericNack.TryParse(in packet, out var nack))
            {
                if (FindCamera(nack.MediaSsrc) is not { } camera) continue;
                foreach (var lost in nack) camera.Stream.Retransmit(lost, now);
            }
            else if (PictureLossIndication.TryParse(in packet, out var loss))
            {
                OnKeyframeRequested(loss.MediaSsrc, now);
            }
            else if (FullIntraRequest.TryParse(in packet, out var request))
            {
                for (var i = 0; i < request.Count; i++) OnKeyframeRequested(request[i].Ssrc, now);
            }
        }
    }

    private void OnReportBlock(in ReportBlock block)
    {
        if (Microphone is { } microphone && block.Ssrc == microphone.Stream.Ssrc) microphone.OnLossReported(block.FractionLost * 100 / 256);
    }

    private void OnKeyframeRequested(uint ssrc, TimeSpan now)
    {
        if (FindCamera(ssrc) is { } camera && camera.TakeKeyframeRequest(now)) _events.OnKeyframeRequested(camera.Mid);
    }

    private VideoSender? FindCamera(uint ssrc)
    {
        foreach (var camera in _cameras)
        {
            if (camera.Stream.Ssrc == ssrc) return camera;
        }

        return null;
    }

    private void SendReports(TimeSpan now)
    {
        Span<ReportBlock> blocks = stackalloc ReportBlock[ReportBlock.MaxCount];
        var count = 0;
        foreach (var receiver in _receivers)
        {
            if (count < blocks.Length && receiver.HasNews) blocks[count++] = receiver.BuildReportBlock(now);
        }

        var time = _options.Origin.Add(now);
        var writer = new RtcpWriter(RtcpBuffer);
        if (Microphone is { Stream.PacketCount: > 0 } microphone)
        {
            var info = microphone.Stream.Report(time, now);
            writer.WriteSenderReport(in info, blocks[..count]);
        }
        else
        {
            writer.WriteReceiverReport(SenderSsrc, blocks[..count]);
        }

        writer.WriteSourceDescription(SenderSsrc, _cname);
        foreach (var camera in _cameras)
        {
            if (camera.Stream.PacketCount == 0) continue;
            var info = camera.Report(time, now);
            writer.WriteSenderReport(in info);
        }

        SendRtcp(writer.Length);
    }

    private void SendTransportFeedback(TimeSpan now)
    {
        while (_transportCc.TryBuildFeedback(now, SenderSsrc, _feedbackSsrc, RtcpBuffer, out var length)) SendRtcp(length);
    }

    private void HandleVideoTimeout(VideoReceiver video, TimeSpan now)
    {
        video.HandleTimeout(RoundTrip, now);
        Span<ushort> lost = stackalloc ushort[MaxNacksPerPacket];
        var count = video.CollectNacks(now, RoundTrip, lost);
        if (count > 0)
        {
            Counters.Nacks += count;
            var writer = new RtcpWriter(RtcpBuffer);
            if (writer.WriteNack(SenderSsrc, video.Ssrc, lost[..count])) SendRtcp(writer.Length);
        }

        SendKeyframeRequest(video);
    }

    private void SendKeyframeRequest(VideoReceiver video)
    {
        if (video.Ssrc == 0 || !video.TakeKeyframeNeeded()) return;
        Counters.KeyframeRequests++;
        var writer = new RtcpWriter(RtcpBuffer);
        if (writer.WritePictureLossIndication(SenderSsrc, video.Ssrc)) SendRtcp(writer.Length);
    }

    private void SendBye()
    {
        if (!HasKeys) return;
        Span<uint> ssrcs = stackalloc uint[1 + _cameras.Count];
        ssrcs[0] = SenderSsrc;
        var count = 1;
        foreach (var camera in _cameras)
        {
            if (camera.Stream.Ssrc != SenderSsrc) ssrcs[count++] = camera.Stream.Ssrc;
        }

        var writer = new RtcpWriter(RtcpBuffer);
        writer.WriteReceiverReport(SenderSsrc);
        if (writer.WriteBye(ssrcs[..count])) SendRtcp(writer.Length);
    }

    private void SendRtcp(int length)
    {
        if (length == 0 || !HasKeys) return;
        SendProtected(_sendBuffer.AsSpan(0, _srtcpOut.Protect(_sendBuffer.AsSpan(0, length + SrtcpOutbound.MaxOverhead), length)));
    }
}
