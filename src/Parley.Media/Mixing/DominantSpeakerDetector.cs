namespace Parley.Media.Mixing;

/// <summary>
/// Who is heard most: every 300 ms the loudest of those who speak, but only if 3 dB louder than the one who has the floor
/// and still speaks. Silence does not take the floor away.
/// </summary>
internal sealed class DominantSpeakerDetector
{
    private const int DecisionTicks = 15;
    private const float Lead = 3f;

    private int _ticks;

    public MixerParticipant? Current { get; private set; }

    public void Tick(List<MixerParticipant> participants)
    {
        if (++_ticks < DecisionTicks) return;
        _ticks = 0;

        MixerParticipant? loudest = null;
        foreach (var participant in participants)
        {
            if (participant.IsSpeaking && participant.Level > (loudest?.Level ?? float.NegativeInfinity)) loudest = participant;
        }

        if (loudest is null || loudest == Current) return;
        if (Current is { IsSpeaking: true } current && loudest.Level < current.Level + Lead) return;
        Current = loudest;
    }

    public void Remove(MixerParticipant participant)
    {
        if (Current == participant) Current = null;
    }
}
