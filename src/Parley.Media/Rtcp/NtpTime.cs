namespace Parley.Media.Rtcp;

/// <summary>
/// A 64-bit NTP timestamp (RFC 3550 §4): seconds since 1900 in 32.32 fixed point. Seconds wrap in 2036, so only
/// differences between near times mean anything.
/// </summary>
/// <param name="Value">Seconds in the upper 32 bits, the fraction in the lower.</param>
public readonly record struct NtpTime(ulong Value)
{
    private static readonly DateTimeOffset Epoch = new(1900, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Whole seconds since 1900, modulo 2^32.</summary>
    public uint Seconds => (uint)(Value >> 32);

    /// <summary>The fraction, in 2^-32 s.</summary>
    public uint Fraction => (uint)Value;

    /// <summary>The middle 32 bits, in 1/65,536 s: the form of LSR (RFC 3550 §6.4.1).</summary>
    public uint Middle32 => (uint)(Value >> 16);

    /// <summary>From wall-clock time.</summary>
    public static NtpTime From(DateTimeOffset time) => FromDuration(time - Epoch);

    /// <summary>From a time since any origin: for clocks of which only differences are used.</summary>
    public static NtpTime FromDuration(TimeSpan duration)
    {
        var (seconds, ticks) = Math.DivRem(duration.Ticks, TimeSpan.TicksPerSecond);
        if (ticks < 0)
        {
            seconds--;
            ticks += TimeSpan.TicksPerSecond;
        }

        return new NtpTime((ulong)seconds << 32 | ((ulong)ticks << 32) / TimeSpan.TicksPerSecond);
    }

    /// <summary>This time later by a duration.</summary>
    public NtpTime Add(TimeSpan duration) => new(unchecked(Value + FromDuration(duration).Value));

    /// <summary>How long after <paramref name="earlier"/> this is, ±68 years, right across the wrap of 2036.</summary>
    public TimeSpan Since(NtpTime earlier)
    {
        var difference = unchecked((long)(Value - earlier.Value));
        var ticks = (difference >> 32) * TimeSpan.TicksPerSecond;
        return new TimeSpan(ticks + (long)(((ulong)(uint)difference * TimeSpan.TicksPerSecond + 0x8000_0000) >> 32));
    }

    /// <summary>A duration in 1/65,536 s, the form of DLSR: clamped to 0 … 18 h 12 min 16 s.</summary>
    public static uint ToCompact(TimeSpan duration) =>
        duration <= TimeSpan.Zero ? 0 : (uint)Math.Min(uint.MaxValue, duration.TotalSeconds * 65536);

    /// <summary>A duration of 1/65,536 s units.</summary>
    public static TimeSpan FromCompact(uint units) => new((long)((ulong)units * TimeSpan.TicksPerSecond >> 16));
}
