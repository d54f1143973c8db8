using Parley.Media.Congestion;

namespace Parley.Media.Forwarding;

/// <summary>
/// Probes of the viewer's path: for a moment more is sent than the estimate, so that room shows. Media counts; the rest are packets sent
/// before, sent again as RTX, which a decoder may even be glad of.
/// </summary>
internal sealed partial class Downlink
{
    /// <summary>A probe's packets leave in steps of this.</summary>
    private static readonly TimeSpan ProbeStep = TimeSpan.FromMilliseconds(1);

    private TimeSpan _probeAt = TimeSpan.MaxValue;
    private ProbeCluster _probe;
    private TimeSpan _probeBegan;
    private int _probeBytes;
    private int _probePackets;
    private int _padding;

    /// <summary>The probe that a packet of this length belongs to; 0 when there is none.</summary>
    private int ProbeOf(int bytes)
    {
        if (_probe.Id == 0) return 0;
        _probeBytes += bytes;
        _probePackets++;
        return _probe.Id;
    }

    private void SendProbe(TimeSpan now)
    {
        if (_estimator is not { } estimator || !_owner.CanSend || !IsOpen) return;
        if (_probe.Id == 0)
        {
            if (!estimator.TryTakeProbe(now, out _probe)) return;
            (_probeBegan, _probeBytes, _probePackets) = (now, 0, 0);
        }

        // What is due of it by now, the step under way included.
        var due = Math.Min(_probe.Bytes, (long)(_probe.Bitrate * (now - _probeBegan + ProbeStep).TotalSeconds / 8));
        while (_probeBytes < due || (due == _probe.Bytes && _probePackets < _probe.MinPackets))
        {
            if (SendPadding(now))
            {
                _owner.OnOccurred(Occurrence.Padding);
                continue;
            }

            _probe = default;
            break;
        }

        if (_probeBytes >= _probe.Bytes && _probePackets >= _probe.MinPackets) _probe = default;
        _probeAt = _probe.Id == 0 ? TimeSpan.MaxValue : now + ProbeStep;
    }

    /// <summary>Sends one of the last packets of any slot once more, or padding when there is none.</summary>
    private bool SendPadding(TimeSpan now)
    {
        for (var tried = 0; tried < _slots.Count; tried++)
        {
            var slot = _slots[_padding % _slots.Count];
            if (slot.Rtx is not null && slot.Stream.TryFindPadding(out var sequence)
                && slot.Stream.CodecOf(sequence) is { } codec && slot.PayloadTypes(codec).Rtx is not 0 and var payloadType
                && SendRtx(slot, payloadType, sequence, SentKind.Padding, now)) return true;
            _padding++;
        }

        return _slots.Count > 0 && SendPaddingOnly(_slots[0], now);
    }

    private bool SendPaddingOnly(Slot slot, TimeSpan now)
    {
        const int bytes = FixedLength + PaddingPacket.Padding;
        var transport = _estimator!.OnSending(bytes + _owner.DatagramOverhead, SentKind.Padding, ProbeOf(bytes + _owner.DatagramOverhead), now);
        _pacer.OnSent(bytes + _owner.DatagramOverhead, now);
        var buffer = _owner.Reserve(MaxDatagram);
        if (slot.Rtx is { } rtx && slot.FirstRtxPayloadType is not 0 and var rtxType)
        {
            var length = PaddingPacket.Write(buffer, rtx.Next, slot.TimestampAt(now), rtx.Ssrc, rtxType, _transportId, transport);
            _owner.Commit(rtx.Protect(buffer, length));
        }
        else
        {
            var length = slot.Stream.WritePadding(slot.FirstPayloadType, _transportId, transport, buffer, out var sequence);
            _owner.Commit(slot.Srtp!.Protect(buffer, length, sequence));
        }

        return true;
    }
}
