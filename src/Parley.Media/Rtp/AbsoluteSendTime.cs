namespace Parley.Media.Rtp;

/// <summary>
/// When a packet left its sender: 24 bits of 6.18 fixed-point seconds, so it wraps every 64 s and resolves 3.8 µs.
/// </summary>
/// <param name="Value">The 24 bits.</param>
public readonly record struct AbsoluteSendTime(uint Value)
{
    /// <summary>Bytes on the wire.</summary>
    public const int Length = 3;

    /// <summary>The time modulo 64 s, rounded to the nearest step.</summary>
    public static AbsoluteSendTime From(TimeSpan time)
    {
        var withinPeriod = time.Ticks % (64 * TimeSpan.TicksPerSecond);
        return new AbsoluteSendTime((uint)(((withinPeriod << 18) + TimeSpan.TicksPerSecond / 2) / TimeSpan.TicksPerSecond) & 0xFFFFFF);
    }

    /// <summary>The time since the last wrap, 0 to 64 s.</summary>
    public TimeSpan ToTimeSpan() => new((long)(Value & 0xFFFFFF) * TimeSpan.TicksPerSecond >> 18);

    /// <summary>How long after <paramref name="earlier"/> this is: −32 s to 32 s, right across a wrap.</summary>
    public TimeSpan Since(AbsoluteSendTime earlier)
    {
        var difference = (int)((Value - earlier.Value) << 8) >> 8;
        return new TimeSpan(difference * TimeSpan.TicksPerSecond >> 18);
    }

    /// <summary>Reads exactly three bytes.</summary>
    public static bool TryRead(ReadOnlySpan<byte> value, out AbsoluteSendTime time)
    {
        time = value.Length == Length ? new AbsoluteSendTime((uint)(value[0] << 16 | value[1] << 8 | value[2])) : default;
        return value.Length == Length;
    }

    /// <summary>Writes three bytes.</summary>
    public void Write(Span<byte> destination)
    {
        destination[2] = (byte)Value;
        destination[1] = (byte)(Value >> 8);
        destination[0] = (byte)(Value >> 16);
    }
}
