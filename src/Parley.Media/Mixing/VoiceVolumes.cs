namespace Parley.Media.Mixing;

/// <summary>How loud one listener wants to hear single others. Who is not among them is heard as they are.</summary>
internal sealed class VoiceVolumes
{
    /// <summary>How many others at most.</summary>
    public const int Most = 8;

    private readonly List<Volume> _volumes = [];

    /// <summary>Whether in this tick the listener's mix is another than everybody's.</summary>
    public bool Matter
    {
        get
        {
            foreach (var volume in _volumes)
            {
                if (volume.Voice.IsHeard && (volume.Gain != 1 || volume.Wanted != 1)) return true;
            }

            return false;
        }
    }

    /// <summary>From the next tick on, over its 20 ms.</summary>
    /// <returns>False when there are too many.</returns>
    public bool TrySet(AudioSource voice, float gain)
    {
        _volumes.RemoveAll(volume => volume.Voice != voice && volume is { Gain: 1, Wanted: 1 });
        foreach (var volume in _volumes)
        {
            if (volume.Voice != voice) continue;
            volume.Wanted = gain;
            return true;
        }

        if (_volumes.Count == Most) return false;
        // Who is not heard now need not be faded over.
        _volumes.Add(new Volume(voice) { Gain = voice.IsHeard ? 1 : gain, Wanted = gain });
        return true;
    }

    /// <summary>They are gone.</summary>
    public void Remove(AudioSource voice) => _volumes.RemoveAll(volume => volume.Voice == voice);

    /// <summary>What this tick's samples of a voice are multiplied with, at their beginning and at their end.</summary>
    public (float From, float To) Take(float[] voice)
    {
        foreach (var volume in _volumes)
        {
            if (!ReferenceEquals(volume.Voice.Frame, voice)) continue;
            var from = volume.Gain;
            volume.Gain = volume.Wanted;
            return (from, volume.Wanted);
        }

        return (1, 1);
    }

    private sealed class Volume(AudioSource voice)
    {
        public AudioSource Voice => voice;

        public float Gain { get; set; }

        public float Wanted { get; set; }
    }
}
