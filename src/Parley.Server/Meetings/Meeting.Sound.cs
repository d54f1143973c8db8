using Parley.Protocol;

namespace Parley.Server.Meetings;

/// <summary>What of the mix is chosen: how loud one hears another, and the tone that says that somebody joined.</summary>
internal sealed partial class Meeting
{
    /// <summary>Such a listener has an encode of their own while the other speaks: of a whole meeting of them a core could not bear the cost.</summary>
    private const int MostListenersWithVolumes = 32;

    /// <summary>6 dB louder: beyond that the others' noise is all one hears.</summary>
    private const double MostVolume = 2;

    private Reply<bool> SetVolume(Place place, VoiceVolume ask)
    {
        if (ask.Volume is not (>= 0 and <= MostVolume)) return Refusal.VolumeInvalid(MostVolume).As<bool>();
        if (FindPlace(ask.ParticipantId) is not { } voice || voice == place) return Refusal.ParticipantUnknown.As<bool>();
        if (ask.Volume != 1 && !place.Volumes.ContainsKey(voice.Id))
        {
            if (place.Volumes.Count == Place.MostVolumes) return Refusal.TooManyVolumes(Place.MostVolumes).As<bool>();
            if (place.Volumes.Count == 0 && _places.Count(other => other.Volumes.Count > 0) == MostListenersWithVolumes)
                return Refusal.TooManyListenersWithVolumes(MostListenersWithVolumes).As<bool>();
        }

        if (ask.Volume == 1) place.Volumes.Remove(voice.Id);
        else place.Volumes[voice.Id] = ask.Volume;
        OpenMedia().SetVolume(place.Id, voice.Id, ask.Volume);
        return Done;
    }

    /// <summary>
    /// Says with a tone, where that is wanted, that somebody has joined: once they can be heard, and only the first time. By then two who
    /// talked directly are on their way back to the mix.
    /// </summary>
    private void Announce(Place place)
    {
        if (place.IsAnnounced) return;
        place.IsAnnounced = true;
        if (_rules.JoinTone && _places.Count > 1) TellMedia(media => media.PlayJoinTone());
    }

    private void ForgetVolumes(Place gone)
    {
        foreach (var place in _places) place.Volumes.Remove(gone.Id);
    }
}
