namespace Parley.Server.MediaHost;

/// <summary>How much of the last second a thread did not spend waiting. Written by that thread, read by any.</summary>
internal sealed class BusyFraction
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(1);

    private TimeSpan _began;
    private TimeSpan _waitsSince;
    private TimeSpan _waited;
    private double _value;

    /// <summary>0 to 1: of the last whole window.</summary>
    public double Value => Volatile.Read(ref _value);

    /// <summary>The thread has nothing to do.</summary>
    public void BeginWait(TimeSpan now) => _waitsSince = now;

    /// <summary>It has something to do. Returns whether a window is over.</summary>
    public bool EndWait(TimeSpan now)
    {
        _waited += now - _waitsSince;
        var window = now - _began;
        if (window < Window) return false;
        Volatile.Write(ref _value, Math.Clamp(1 - _waited / window, 0, 1));
        (_began, _waited) = (now, TimeSpan.Zero);
        return true;
    }
}
