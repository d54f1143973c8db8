using System.Runtime.CompilerServices;

namespace Parley.Media.Rtp;

/// <summary>One spatial layer of a <see cref="VideoLayersAllocation"/>.</summary>
public struct VideoLayer
{
    /// <summary>The most temporal layers a spatial layer has.</summary>
    public const int MaxTemporalLayers = 4;

    private Bitrates _kilobits;

    /// <summary>Which of the simulcast streams, from 0 in the order of a=simulcast.</summary>
    public byte Stream { get; internal set; }

    /// <summary>The spatial layer within the stream.</summary>
    public byte SpatialId { get; internal set; }

    /// <summary>How many temporal layers it has, 1 to 4.</summary>
    public byte TemporalLayers { get; internal set; }

    /// <summary>Pixels; 0 when not told.</summary>
    public int Width { get; internal set; }

    /// <summary>Pixels; 0 when not told.</summary>
    public int Height { get; internal set; }

    /// <summary>Frames per second; 0 when not told.</summary>
    public byte FrameRate { get; internal set; }

    /// <summary>The target of all its temporal layers together, in kb/s.</summary>
    public readonly uint Kilobits => _kilobits[TemporalLayers - 1];

    /// <summary>The target of a temporal layer with those below it, in kb/s.</summary>
    public readonly uint KilobitsUpTo(int temporalId) => _kilobits[temporalId];

    internal void SetKilobits(int temporalId, uint kilobits) => _kilobits[temporalId] = kilobits;

    [InlineArray(MaxTemporalLayers)]
    private struct Bitrates
    {
        private uint _first;
    }
}
