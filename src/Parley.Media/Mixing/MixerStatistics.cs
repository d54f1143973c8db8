namespace Parley.Media.Mixing;

/// <summary>What the mixer has counted for one participant; a copy, taken on the mixer thread.</summary>
public readonly record struct MixerStatistics
{
    /// <summary>Packets decoded.</summary>
    public long FramesDecoded { get; init; }

    /// <summary>Stretches given back by the in-band FEC of the packet after the loss.</summary>
    public long FramesRecovered { get; init; }

    /// <summary>Stretches concealed: lost, or not there in time.</summary>
    public long FramesConcealed { get; init; }

    /// <summary>Packets that did not decode; concealed.</summary>
    public long FramesCorrupt { get; init; }

    /// <summary>Packets the inbox refused because the mixer did not keep up.</summary>
    public long InboxOverflows { get; init; }

    /// <summary>What the jitter buffer counted.</summary>
    public JitterStatistics Jitter { get; init; }

    /// <summary>The delay the path's jitter asks for.</summary>
    public TimeSpan TargetDelay { get; init; }

    /// <summary>How much audio the jitter buffer holds.</summary>
    public TimeSpan HeldAudio { get; init; }

    /// <summary>Ticks in which silence was not sent to this participant.</summary>
    public long FramesNotSent { get; init; }
}
