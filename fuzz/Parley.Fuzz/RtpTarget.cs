using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Parley.Media.Rtp;
using static Parley.Fuzz.Promise;

namespace Parley.Fuzz;

public static partial class FuzzTargets
{
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "Each protocol registers its targets without touching a shared file.")]
    internal static void RegisterRtp() => All["rtp"] = RtpTarget.Run;
}

internal static class RtpTarget
{
    /// <summary>A packet that parses is written again from its parts and must parse to the same parts.</summary>
    internal static void Run(ReadOnlySpan<byte> input)
    {
        _ = RtpHeader.IsRtcp(input);
        if (!RtpPacket.TryParse(input, out var packet))
        {
            return;
        }

        // Two-byte elements for every byte of a one-byte block is the most a rewrite can grow.
        var buffer = new byte[input.Length * 2 + 64];
        var writer = new RtpWriter(buffer);
        Span<uint> csrcs = stackalloc uint[packet.CsrcCount];
        for (var i = 0; i < csrcs.Length; i++)
        {
            csrcs[i] = packet.GetCsrc(i);
        }

        Check(writer.WriteHeader(packet.PayloadType, packet.Marker, packet.SequenceNumber, packet.Timestamp, packet.Ssrc, csrcs));
        Check(writer.BeginExtensions());
        foreach (var extension in packet.Extensions)
        {
            Check(input.Slice(extension.Offset, extension.Value.Length).SequenceEqual(extension.Value));
            Check(writer.AddExtension(extension.Id, extension.Value));
        }

        writer.EndExtensions();
        Check(writer.WritePayload(packet.Payload));
        Check(packet.PaddingLength == 0 || writer.WritePadding((byte)packet.PaddingLength));

        Check(RtpPacket.TryParse(writer.Written, out var again));
        Check(again.SequenceNumber == packet.SequenceNumber && again.Timestamp == packet.Timestamp && again.Ssrc == packet.Ssrc);
        Check(again.Marker == packet.Marker && again.PayloadType == packet.PayloadType && again.CsrcCount == packet.CsrcCount);
        Check(again.Payload.SequenceEqual(packet.Payload) && again.PaddingLength == packet.PaddingLength);
        var elements = again.Extensions;
        foreach (var extension in packet.Extensions)
        {
            Check(elements.MoveNext() && elements.Current.Id == extension.Id && elements.Current.Value.SequenceEqual(extension.Value));
        }

        Check(!elements.MoveNext());
        ReadTypedExtensions(packet);
    }

    private static void ReadTypedExtensions(in RtpPacket packet)
    {
        var map = new RtpExtensionMap();
        foreach (var type in Enum.GetValues<RtpExtensionType>())
        {
            map[type] = (byte)((int)type + 1);
        }

        Check(!packet.TryGetMid(map, out var mid) || mid.Length is > 0 and <= RtpExtensions.MaxIdentifierLength);
        Check(!packet.TryGetRtpStreamId(map, out var rid) || rid.Length is > 0 and <= RtpExtensions.MaxIdentifierLength);
        Check(!packet.TryGetRepairedRtpStreamId(map, out var repaired) || repaired.Length is > 0 and <= RtpExtensions.MaxIdentifierLength);
        Check(!packet.TryGetAudioLevel(map, out var level) || level.Level <= AudioLevel.Silence);
        Check(!packet.TryGetAbsoluteSendTime(map, out var time) || AbsoluteSendTime.From(time.ToTimeSpan()) == time);
        _ = packet.TryGetTransportSequenceNumber(map, out _);
    }
}
