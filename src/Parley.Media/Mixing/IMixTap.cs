namespace Parley.Media.Mixing;

/// <summary>Who is given the whole mix as samples, every voice in it: a recording. Called on the mixer thread, within Tick; must not block.</summary>
public interface IMixTap
{
    /// <summary>One tick's mix. Ticks in which nobody is heard may be left out: the next one's time tells how much silence there was.</summary>
    /// <param name="tick">When it was, k × 20 ms.</param>
    /// <param name="samples">960 samples at 48 kHz, within ±1; good during the call.</param>
    void OnMix(TimeSpan tick, ReadOnlySpan<float> samples);
}
