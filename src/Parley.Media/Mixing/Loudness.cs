namespace Parley.Media.Mixing;

/// <summary>How loud a sender is, whether or not they are decoded: up within two packets, down over half a second.</summary>
internal sealed class Loudness
{
    /// <summary>
    /// What is thought of a sender who tells no levels and is not decoded: above a room's noise, below speech. So they are decoded, and their level learnt, where
    /// there is room, and whoever is then found silent makes room for the next.
    /// </summary>
    internal const float Unknown = -60f;

    /// <summary>Who sent nothing for so long does not send: 200 ms.</summary>
    private const int SendingFrames = 10;

    private const float Attack = 0.7f, Release = 0.04f;

    private int _sinceSent = SendingFrames;

    /// <summary>−127 … 0 dBov.</summary>
    public float Value { get; private set; } = LevelMeter.Silence;

    /// <summary>Whether packets come.</summary>
    public bool IsSending => _sinceSent < SendingFrames;

    /// <summary>Takes what is known in one tick.</summary>
    /// <param name="hasPackets">Whether any came since the tick before.</param>
    /// <param name="reported">The level the newest of them told, −dBov; null when it told none.</param>
    /// <param name="decoded">The level of what is decoded; null when nothing is.</param>
    public void Update(bool hasPackets, byte? reported, float? decoded)
    {
        _sinceSent = hasPackets ? 0 : Math.Min(_sinceSent + 1, SendingFrames);
        if (!IsSending) Value = LevelMeter.Silence;
        if (!hasPackets) return;
        var level = reported is { } told ? -(float)told : decoded ?? Unknown;
        Value += (level - Value) * (level > Value ? Attack : Release);
    }
}
