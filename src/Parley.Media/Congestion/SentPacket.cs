namespace Parley.Media.Congestion;

/// <summary>What became of a packet, as far as the peer has told.</summary>
internal enum SentPacketState : byte
{
    InFlight,
    Lost,
    Received,
}

/// <summary>A packet that was sent, in eight bytes: there are up to 2,048 for each connection.</summary>
internal struct SentPacket(int bytes, int probeCluster, TimeSpan now)
{
    private readonly uint _sentAt = Microseconds(now);

    internal readonly ushort Bytes { get; } = (ushort)Math.Min(bytes, ushort.MaxValue);

    /// <summary>Which probe it belongs to; 0 for none.</summary>
    internal readonly byte Probe { get; } = (byte)probeCluster;

    internal SentPacketState State { get; set; }

    /// <summary>When it was sent, at most 71 minutes ago.</summary>
    internal readonly TimeSpan SentAt(TimeSpan now) =>
        now - TimeSpan.FromMicroseconds(Microseconds(now) - _sentAt);

    private static uint Microseconds(TimeSpan time) => (uint)(time.Ticks / TimeSpan.TicksPerMicrosecond);
}
