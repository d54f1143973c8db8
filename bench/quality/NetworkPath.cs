using Parley.Media.Mixing;

namespace Parley.Quality;

/// <summary>What a network does to packets of 20 ms.</summary>
/// <param name="LossPercent">Of all packets.</param>
/// <param name="JitterMs">Each packet comes 0 to so much later than the fastest, on its own: they overtake each other.</param>
/// <param name="MeanBurst">How many packets are lost in a row, on average; 1: each on its own, so a row is chance.</param>
/// <param name="IsFitful">Whether the jitter comes and goes, four seconds each.</param>
/// <param name="DriftPpm">By how much the sender's clock is fast.</param>
internal sealed record NetworkPath(int LossPercent, int JitterMs, double MeanBurst = 1, bool IsFitful = false, int DriftPpm = 0)
{
    /// <summary>Packets leave their sender so long after a tick of the mixer.</summary>
    public const double PhaseMs = 3;

    private const double FitMs = 4_000;

    /// <summary>When a packet leaves its sender: its last sample was spoken.</summary>
    public double SentMs(long packet) => ((packet + 1) * 20 * (1 - (DriftPpm * 1e-6))) + PhaseMs;

    /// <summary>When each packet comes; what is lost does not.</summary>
    public double?[] Arrivals(int packets, int seed)
    {
        var random = new Random(seed);
        var loss = LossPercent / 100.0;
        var arrivals = new double?[packets];
        var isLosing = false;
        for (var i = 0; i < packets; i++)
        {
            // Gilbert's two states: of MeanBurst packets the last is followed by one that comes.
            var (lose, jitter) = (random.NextDouble(), random.NextDouble() * JitterMs);
            isLosing = MeanBurst <= 1
                ? lose < loss
                : lose < (isLosing ? 1 - (1 / MeanBurst) : loss / (MeanBurst * (1 - loss)));
            if (IsFitful && (int)(SentMs(i) / FitMs) % 2 == 0) jitter = 0;
            if (!isLosing) arrivals[i] = SentMs(i) + jitter;
        }

        return arrivals;
    }

    public override string ToString() =>
        $"{LossPercent,3} %{(MeanBurst > 1 ? " bursts" : "")}, {JitterMs,3} ms{(IsFitful ? " at times" : "")}{(DriftPpm != 0 ? $", {DriftPpm} ppm" : "")}";
}
