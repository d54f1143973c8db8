namespace Parley.Media.Mixing;

/// <summary>
/// Who is decoded when more send than may be mixed: the loudest, by the levels their clients measured (RFC 6464), so that of the others no
/// packet is decoded. Who is in stays in until somebody is clearly louder. One pass over all, without a sort.
/// </summary>
/// <param name="most">How many.</param>
internal sealed class LoudestVoices(int most)
{
    /// <summary>So much louder must be who takes another's place, in dB: two who speak alike do not take turns word by word.</summary>
    internal const float Lead = 6f;

    private readonly MixerParticipant?[] _loudest = new MixerParticipant?[most];
    private readonly float[] _loudness = new float[most];

    /// <summary>Decides for one tick: sets <see cref="MixerParticipant.IsChosen"/> of everyone.</summary>
    public void Choose(List<MixerParticipant> participants)
    {
        var sending = 0;
        foreach (var participant in participants)
        {
            participant.Source.Listen();
            if (IsCandidate(participant)) sending++;
        }

        if (sending <= most)
        {
            foreach (var participant in participants) participant.IsChosen = true;
            return;
        }

        Array.Fill(_loudness, float.NegativeInfinity);
        foreach (var participant in participants)
        {
            if (IsCandidate(participant)) Rank(participant, participant.Source.Loudness + (participant.IsChosen ? Lead : 0));
            participant.IsChosen = false;
        }

        foreach (ref var participant in _loudest.AsSpan())
        {
            participant!.IsChosen = true;
            participant = null;
        }
    }

    private static bool IsCandidate(MixerParticipant participant) =>
        participant.Source.IsSending && participant is { Muted: false, IsLeaving: false };

    /// <summary>Into the order of the loudest so far, if they are one of them; of two alike the one who came first.</summary>
    private void Rank(MixerParticipant participant, float loudness)
    {
        var place = most - 1;
        if (loudness <= _loudness[place]) return;
        for (; place > 0 && loudness > _loudness[place - 1]; place--)
            (_loudness[place], _loudest[place]) = (_loudness[place - 1], _loudest[place - 1]);
        (_loudness[place], _loudest[place]) = (loudness, participant);
    }
}
