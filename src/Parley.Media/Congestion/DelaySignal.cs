namespace Parley.Media.Congestion;

/// <summary>What the delay says of the path's queues (draft-ietf-rmcat-gcc-02 §5.4).</summary>
internal enum DelaySignal
{
    /// <summary>They neither grow nor shrink.</summary>
    Normal,

    /// <summary>They grow.</summary>
    Overuse,

    /// <summary>They are emptied.</summary>
    Underuse,
}
