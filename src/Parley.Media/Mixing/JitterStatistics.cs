namespace Parley.Media.Mixing;

/// <summary>What a <see cref="JitterBuffer"/> has counted since it was made.</summary>
public struct JitterStatistics
{
    /// <summary>Sequence numbers that were not there when it was their turn (late packets are among them).</summary>
    public long Lost { get; internal set; }

    /// <summary>Packets that came after their turn.</summary>
    public long Late { get; internal set; }

    /// <summary>Packets that had come before.</summary>
    public long Duplicates { get; internal set; }

    /// <summary>Packets whose framing is not Opus (RFC 6716 §3.4).</summary>
    public long Malformed { get; internal set; }

    /// <summary>Packets left out because too much was held.</summary>
    public long Dropped { get; internal set; }

    /// <summary>Samples put in to raise the delay.</summary>
    public long AddedSamples { get; internal set; }

    /// <summary>Samples taken out to lower the delay.</summary>
    public long RemovedSamples { get; internal set; }

    /// <summary>Times that the sender's sequence numbers or timestamps began anew.</summary>
    public long Resyncs { get; internal set; }

    /// <summary>Samples that had to be concealed, without those that FEC gave back and without DTX.</summary>
    public long ConcealedSamples { get; internal set; }

    /// <summary>Samples of comfort noise in DTX.</summary>
    public long GapSamples { get; internal set; }
}
