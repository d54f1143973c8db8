namespace Parley.Media.Congestion;

/// <summary>When packets may leave: a budget of one connection.</summary>
public sealed class Pacer
{
    /// <summary>Sets the rate of what goes out, e.g. 2.5 times the estimate.</summary>
    public void SetRate(long bitsPerSecond, TimeSpan now) => throw new NotImplementedException();

    /// <summary>Tells what waits and since when the first of it does: the rate rises as far as it must for nothing to wait too long.</summary>
    public void SetQueue(long bytes, TimeSpan oldest, TimeSpan now) => throw new NotImplementedException();

    /// <summary>Whether a packet may leave now, whatever its size.</summary>
    public bool CanSend(TimeSpan now) => throw new NotImplementedException();

    /// <summary>Counts a packet that left, also one that did not ask.</summary>
    public void OnSent(int bytes, TimeSpan now) => throw new NotImplementedException();

    /// <summary>When <see cref="CanSend"/> becomes true; the present when it is.</summary>
    public TimeSpan NextSend(TimeSpan now) => throw new NotImplementedException();
}
