using Parley.Protocol;

namespace Parley.Server.Meetings;

/// <summary>Devices, the media leg, and what is seen where.</summary>
internal sealed partial class Meeting
{
    private const int LongestMid = 16;
    private const int LargestSide = 16384;

    /// <summary>An answer takes milliseconds; a media plane that takes this long is not there.</summary>
    private static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(10);

    private async Task<Reply<bool>> SetMedia(Place place, MediaState media)
    {
        if (WhyNot(place, media) is { } refusal) return refusal.As<bool>();
        if (place.Media != media)
        {
            await _context.Records.ParticipantUpdatedAsync(Id, place.Id, place.TokenHash, media);
            if (media.Mic) place.MayUnmuteOnce = false;
            place.State = place.State with { Media = media };
            TellMedia(plane => plane.SetMedia(place.Id, media));
            Tell(MeetingEvents.ParticipantChanged, place.Seen, except: place);
        }

        return Done;
    }

    /// <summary>An answer that takes time is waited for outside of the mailbox.</summary>
    private async Task<Reply<Task<OfferOutcome>>> BeginOfferAsync(Place place, string sdp)
    {
        Task<OfferOutcome> answering;
        try
        {
            answering = OpenMedia().AnswerAsync(place.Id, sdp, place.Media);
        }
        catch (Exception e)
        {
            answering = Task.FromException<OfferOutcome>(e);
        }

        // Now, before anything is reported of the new one.
        if (answering.IsCompletedSuccessfully && (await answering).IsNew) place.ForgetTransport();
        return new Reply<Task<OfferOutcome>>(answering, null);
    }

    private async Task<Reply<SessionDescriptionMessage>> AnswerAsync(Task<OfferOutcome> answering)
    {
        try
        {
            var outcome = await answering.WaitAsync(LongestAnswer, _context.Time);
            return outcome.Answer is { } sdp
                ? new Reply<SessionDescriptionMessage>(new SessionDescriptionMessage(sdp), null)
                : Refusal.OfferInvalid(outcome.Error ?? "This offer cannot be answered.").As<SessionDescriptionMessage>();
        }
        catch (Exception e)
        {
            Log.MediaFailed(_context.Logger, e, Id);
            return Refusal.MediaUnavailable.As<SessionDescriptionMessage>();
        }
    }

    private Reply<bool> SetView(Place place, IReadOnlyList<SlotView> view)
    {
        if (WhyNot(view) is { } why) return Refusal.ViewInvalid(why).As<bool>();
        if (_media is null) return Refusal.ViewInvalid("There are no slots yet: send an offer first.").As<bool>();

        // Who has just left may still be in the view of who does not know it yet: their slot pauses.
        var known = view.Select(slot => IsHere(slot.ParticipantId) ? slot : slot with { ParticipantId = null });
        try
        {
            if (_media.SetView(place.Id, [.. known]) is { } refused) return Refusal.ViewInvalid(refused).As<bool>();
        }
        catch (Exception e)
        {
            Log.MediaFailed(_context.Logger, e, Id);
            return Refusal.MediaUnavailable.As<bool>();
        }

        if (place.MissedMedia) TellMissedMedia(place, view);
        return new Reply<bool>(true, null);
    }

    /// <summary>The media plane speaks only of changes; a client that comes back must hear what has stayed as it wants it.</summary>
    private static void TellMissedMedia(Place place, IReadOnlyList<SlotView> view)
    {
        place.MissedMedia = false;
        foreach (var slot in view)
        {
            if (place.Shown(slot.Mid!) is { } shown && shown.ParticipantId == slot.ParticipantId && shown.Source == slot.Source)
                place.Link?.Send(MeetingEvents.SlotShown, shown);
        }

        foreach (var quality in place.Qualities) place.Link?.Send(MeetingEvents.SlotQuality, quality);
        foreach (var layers in place.Layers) place.Link?.Send(MeetingEvents.SendLayers, layers);
    }

    private string? WhyNot(IReadOnlyList<SlotView> view)
    {
        if (view.Count > _context.Options.Media.Slots) return $"A view has at most {_context.Options.Media.Slots} slots.";
        var mids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var slot in view)
        {
            if (slot?.Mid is not { Length: > 0 and <= LongestMid } mid) return "Each slot of a view needs the mid of its m-line.";
            if (!mids.Add(mid)) return $"The view names slot {mid} twice.";
            if (!Enum.IsDefined(slot.Source)) return $"The source of slot {mid} is neither camera nor screen.";
            if (slot.Width is < 0 or > LargestSide || slot.Height is < 0 or > LargestSide)
                return $"The size of slot {mid} is not between 0 and {LargestSide}.";
        }

        return null;
    }

    private Task TellMediaEvents()
    {
        if (_ended is not null || _stopping) return Task.CompletedTask;
        var (states, slots, qualities, layers, speakers, mixed) = _mediaEvents.Take();
        foreach (var (participantId, state) in states)
        {
            if (_places.Find(place => place.Id == participantId) is not { } place) continue;
            place.Link?.Send(MeetingEvents.MediaState, state);
            if (place.ServerLeg == state.State) continue;
            var wasNew = place.ServerLeg is null;
            place.ServerLeg = state.State;
            if (state.State == MediaConnectionState.Connected) Announce(place);
            // That a first attempt is under way tells nobody anything, and is told as often as there are people, squared.
            if (!(wasNew && state.State == MediaConnectionState.Connecting)) Tell(MeetingEvents.ParticipantChanged, place.Seen, except: place);
        }

        foreach (var (key, shown) in slots)
        {
            if (_places.Find(place => place.Id == key.Viewer) is not { } viewer) continue;
            viewer.Remember(shown, _context.Options.Media.Slots);
            viewer.Link?.Send(MeetingEvents.SlotShown, shown);
        }

        foreach (var (key, quality) in qualities)
        {
            if (_places.Find(place => place.Id == key.Viewer) is not { } viewer) continue;
            viewer.Remember(quality, _context.Options.Media.Slots);
            viewer.Link?.Send(MeetingEvents.SlotQuality, quality);
        }

        foreach (var (key, wanted) in layers)
        {
            if (_places.Find(place => place.Id == key.Participant) is not { } sender) continue;
            sender.Remember(wanted);
            sender.Link?.Send(MeetingEvents.SendLayers, wanted);
        }

        if (speakers is not null)
        {
            _speakers = speakers;
            Tell(MeetingEvents.SpeakersChanged, speakers);
        }

        foreach (var (who, rtpTimestamp) in mixed) TellInMix(who.Voice, who.Listener, rtpTimestamp);
        return Task.CompletedTask;
    }

    private void TellInMix(string voiceId, string listenerId, uint rtpTimestamp)
    {
        if (_link is not { Stage: PeerLinkStage.Draining } link || link.PeerOf(voiceId) != listenerId) return;
        _places.Find(place => place.Id == listenerId)?.Link?.Send(MeetingEvents.InMix, new InMix(voiceId, rtpTimestamp));
    }

    private bool IsHere(string? participantId) => _places.Exists(place => place.Id == participantId);

    private IMeetingMedia OpenMedia() => _media ??= _context.Media.Open(Id, _mediaEvents);

    private void CloseMedia()
    {
        TellMedia(plane => plane.Close());
        _media = null;
    }

    /// <summary>A media plane that fails takes sound and pictures with it, not the meeting.</summary>
    private void TellMedia(Action<IMeetingMedia> tell, bool opens = false)
    {
        try
        {
            if (opens) OpenMedia();
            if (_media is not null) tell(_media);
        }
        catch (Exception e)
        {
            Log.MediaFailed(_context.Logger, e, Id);
        }
    }
}
