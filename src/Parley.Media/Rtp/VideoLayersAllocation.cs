using System.Buffers.Binary;
using System.Numerics;

namespace Parley.Media.Rtp;

/// <summary>
/// What a sender means to send on all simulcast streams of a line, by the header extension video-layers-allocation00 of the WebRTC
/// project: a layer that is not named is not sent. Filled in place, so that packets allocate nothing.
/// </summary>
public sealed class VideoLayersAllocation
{
    private const int MaxStreams = 4;
    private const int MaxSpatialLayers = 4;
    private const int SizeLength = 5;

    private readonly VideoLayer[] _layers = new VideoLayer[MaxStreams * MaxSpatialLayers];
    private int _count;

    /// <summary>The layers that are sent, by stream and then from low to high.</summary>
    public ReadOnlySpan<VideoLayer> Layers => _layers.AsSpan(0, _count);

    /// <summary>The stream whose packet said it, from 0 in the order of a=simulcast.</summary>
    public int Stream { get; private set; }

    /// <summary>Reads the extension's value. False when it is not well-formed; then no layers are known.</summary>
    public bool TryRead(ReadOnlySpan<byte> value)
    {
        _count = 0;
        if (value.IsEmpty) return false;

        // One byte of zeros: nothing is sent on any stream.
        Stream = value[0] >> 6;
        if (value.Length == 1 && value[0] == 0) return true;
        var rest = value[1..];
        if (!TryReadLayers(value[0], ref rest, out var count) || !TryReadBitrates(ref rest, count)) return false;

        // Sizes are there for all layers or for none.
        if (!rest.IsEmpty && !TryReadSizes(rest, count)) return false;
        _count = count;
        return true;
    }

    /// <summary>Which layers there are, and how many temporal ones in each.</summary>
    private bool TryReadLayers(byte head, ref ReadOnlySpan<byte> rest, out int count)
    {
        count = 0;
        var streams = (head >> 4 & 0x03) + 1;
        var common = head & 0x0F;
        var masks = rest;
        if (common == 0)
        {
            // Four bits for each stream, in whole bytes.
            var length = (streams + 1) / 2;
            if (rest.Length < length) return false;
            rest = rest[length..];
        }

        for (var stream = 0; stream < streams; stream++)
        {
            var mask = common != 0 ? common : masks[stream / 2] >> (stream % 2 == 0 ? 4 : 0) & 0x0F;
            for (; mask != 0; mask &= mask - 1)
            {
                _layers[count++] = new VideoLayer { Stream = (byte)stream, SpatialId = (byte)BitOperations.TrailingZeroCount(mask) };
            }
        }

        // Two bits for each layer, in whole bytes.
        var bytes = (count + 3) / 4;
        if (count == 0 || rest.Length < bytes) return false;
        for (var i = 0; i < count; i++) _layers[i].TemporalLayers = (byte)((rest[i / 4] >> (6 - i % 4 * 2) & 0x03) + 1);
        rest = rest[bytes..];
        return true;
    }

    private bool TryReadBitrates(ref ReadOnlySpan<byte> rest, int count)
    {
        for (var i = 0; i < count; i++)
        {
            for (var temporal = 0; temporal < _layers[i].TemporalLayers; temporal++)
            {
                if (!Leb128.TryRead(ref rest, out var kilobits)) return false;
                _layers[i].SetKilobits(temporal, kilobits);
            }
        }

        return true;
    }

    private bool TryReadSizes(ReadOnlySpan<byte> rest, int count)
    {
        if (rest.Length < count * SizeLength) return false;
        for (var i = 0; i < count; i++)
        {
            var size = rest[(i * SizeLength)..];
            _layers[i].Width = BinaryPrimitives.ReadUInt16BigEndian(size) + 1;
            _layers[i].Height = BinaryPrimitives.ReadUInt16BigEndian(size[2..]) + 1;
            _layers[i].FrameRate = size[4];
        }

        return true;
    }
}
