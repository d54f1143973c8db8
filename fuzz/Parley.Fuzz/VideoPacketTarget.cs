using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Parley.Media.Rtp;
using static Parley.Fuzz.Promise;

namespace Parley.Fuzz;

public static partial class FuzzTargets
{
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "Each protocol registers its targets without touching a shared file.")]
    internal static void RegisterVideoPacket() => All["video-packet"] = VideoPacketTarget.Run;
}

internal static class VideoPacketTarget
{
    private const byte DependencyDescriptorId = 13;
    private const byte VideoLayersAllocationId = 14;

    /// <summary>
    /// A packet is read as one of every codec, given other numbers, and sent again as a retransmission: it must stay what it was.
    /// </summary>
    internal static void Run(ReadOnlySpan<byte> input)
    {
        if (!RtpPacket.TryParse(input, out var packet)) return;
        foreach (var codec in Enum.GetValues<VideoCodec>()) Read(codec, packet, input);
        if (packet.TryGetExtension(VideoLayersAllocationId, out var value)) ReadAllocation(value);

        var buffer = new byte[input.Length + RtxPacket.Overhead];
        Check(RtxPacket.Write(input, 97, 1, 2, buffer) == buffer.Length);
        Check(RtxPacket.TryRestore(buffer, packet.PayloadType, packet.Ssrc, out var original));
        Check(original.SequenceEqual(input));
    }

    private static void Read(VideoCodec codec, in RtpPacket packet, ReadOnlySpan<byte> input)
    {
        // Twice with one structure: the second finds what the first left.
        var structure = new DependencyStructure();
        if (!VideoPacketReader.TryRead(codec, in packet, DependencyDescriptorId, structure, out var info)) return;
        Check(VideoPacketReader.TryRead(codec, in packet, DependencyDescriptorId, structure, out var again) && again == info);
        Check(info.TemporalId <= VideoPacketInfo.MaxTemporalId && info.SwitchUpTo <= VideoPacketInfo.MaxTemporalId);

        var patched = input.ToArray();
        VideoPacketReader.Renumber(
            codec, patched.AsSpan(packet.HeaderLength..^packet.PaddingLength), (ushort)(0x7ABC - info.PictureId), (byte)(0xDE - info.Tl0PicIdx));
        Check(RtpPacket.TryParse(patched, out var renumbered));
        Check(VideoPacketReader.TryRead(codec, in renumbered, DependencyDescriptorId, structure, out again));
        Check(again == info with
        {
            PictureId = (ushort)(info.HasPictureId ? info.HasLongPictureId ? 0x7ABC : 0x3C : 0),
            Tl0PicIdx = (byte)(info.HasTl0PicIdx ? 0xDE : 0),
        });
    }

    private static void ReadAllocation(ReadOnlySpan<byte> value)
    {
        var allocation = new VideoLayersAllocation();
        var isRead = allocation.TryRead(value);
        Check(isRead || allocation.Layers.IsEmpty);
        foreach (var layer in allocation.Layers) Check(layer.Stream < 4 && layer.SpatialId < 4 && layer.TemporalLayers is >= 1 and <= 4);
    }
}
