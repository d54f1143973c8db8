using Parley.Media.Mixing;

namespace Parley.Scenarios.World;

/// <summary>A voice that sings one tone at −26 dBFS, in Opus: ten together stay below the limiter.</summary>
internal sealed class ToneVoice(double frequency)
{
    private readonly OpusEncoder _encoder = new(new OpusEncoderOptions { Complexity = 1 });
    private readonly float[] _frame = new float[960];
    private long _sample;

    public int Next(Span<byte> packet)
    {
        for (var i = 0; i < _frame.Length; i++) _frame[i] = 0.05f * (float)Math.Sin(2 * Math.PI * frequency * _sample++ / 48_000);
        return _encoder.Encode(_frame, packet);
    }
}
