namespace Parley.Media.Mixing;

/// <summary>
/// Who has the floor. Every 300 ms another takes it whose speech is likelier than that of who has it in each of three spans of time
/// (<see cref="SpeechActivity"/>): so neither a cough nor a word of assent takes it, however loud, nor does silence.
/// </summary>
internal sealed class DominantSpeakerDetector
{
    private const int DecisionTicks = 15;

    /// <summary>By how much, as the natural logarithm of the ratio of scores over 20 ms, 100 ms and 1 s (Volfin and Cohen).</summary>
    private const double ImmediateLead = 3, MediumLead = 2, LongLead = 0;

    private int _ticks;

    public MixerParticipant? Current { get; private set; }

    public void Tick(List<MixerParticipant> participants)
    {
        foreach (var participant in participants) participant.Activity.Update(participant.Source.IsHeard ? participant.Source.Meter.Momentary : LevelMeter.Silence);
        if (++_ticks < DecisionTicks) return;
        _ticks = 0;

        foreach (var participant in participants) participant.Activity.Evaluate();
        MixerParticipant? next = null;
        foreach (var participant in participants)
        {
            if (participant == Current || !participant.IsSpeaking || !Outdoes(participant)) continue;
            if (next is null || IsMore(participant, next)) next = participant;
        }

        Current = next ?? Current;
    }

    public void Remove(MixerParticipant participant)
    {
        if (Current == participant) Current = null;
    }

    private bool Outdoes(MixerParticipant participant)
    {
        if (Current is null) return true;
        var (holds, wants) = (Current.Activity, participant.Activity);
        return Math.Log(wants.Immediate / holds.Immediate) > ImmediateLead
            && Math.Log(wants.Medium / holds.Medium) > MediumLead
            && Math.Log(wants.Long / holds.Long) > LongLead;
    }

    /// <summary>Who of two takes it: the likelier over 100 ms, and of two alike the louder.</summary>
    private static bool IsMore(MixerParticipant one, MixerParticipant other) =>
        one.Activity.Medium > other.Activity.Medium || (one.Activity.Medium == other.Activity.Medium && one.Level > other.Level);
}
