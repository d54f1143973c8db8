using Parley.Protocol;
using Parley.Server.Meetings;
using Parley.Server.Signalling;

namespace Parley.Server.Api;

/// <summary>
/// Media connections for self-tests: each is the only one of a media side that belongs to no meeting, and ends after 20 s. They are
/// few, for anybody may ask for one.
/// </summary>
internal sealed partial class CheckLegs : IDisposable
{
    /// <summary>At one time, of all people.</summary>
    internal const int Most = 100;

    private const int LongestOffer = 200_000;
    private const string OwnId = "check";

    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(20);
    private static readonly MediaState Nothing = new(false, false);

    private readonly Lock _lock = new();
    private readonly Dictionary<IMeetingMedia, ITimer> _open = [];
    private readonly IMediaPlane _plane;
    private readonly TimeProvider _time;
    private readonly ILogger<CheckLegs> _log;
    private int _reserved;
    private bool _disposed;

    public CheckLegs(IMediaPlane plane, TimeProvider time, ILogger<CheckLegs> log)
    {
        (_plane, _time, _log) = (plane, time, log);
        Rates = new AddressRates(new RateOptions { PerMinute = 30, Burst = 15 }, time);
    }

    /// <summary>How often one address may ask.</summary>
    public AddressRates Rates { get; }

    /// <summary>Answers an offer as a meeting would, with the candidates of one transport.</summary>
    public async Task<Reply<SessionDescriptionMessage>> AnswerAsync(CheckOffer? offer)
    {
        if (offer is not { Sdp: { Length: > 0 and <= LongestOffer } sdp } || !Enum.IsDefined(offer.Transport))
            return No(Refusal.RequestInvalid("A check needs an SDP offer of up to 200,000 characters, and udp or tcp as its transport."));
        if (!TryReserve()) return No(new ProtocolError(ErrorCodes.ServerUnavailable, "Too many people check their connection right now. Try again in a minute."));
        IMeetingMedia? media = null;
        try
        {
            media = _plane.Open($"check-{Guid.NewGuid():N}", NobodyListens.Instance);
            var outcome = await media.AnswerAsync(OwnId, sdp, Nothing);
            if (outcome.Answer is not { } answer)
            {
                Release(media);
                return No(Refusal.OfferInvalid(outcome.Error ?? "This offer cannot be answered."));
            }

            Keep(media);
            return new Reply<SessionDescriptionMessage>(new SessionDescriptionMessage(Only(offer.Transport, answer)), null);
        }
        catch (Exception fault)
        {
            LogFault(fault);
            Release(media);
            return No(Refusal.MediaUnavailable);
        }
    }

    public void Dispose()
    {
        List<ITimer> timers;
        lock (_lock)
        {
            _disposed = true;
            timers = [.. _open.Values];
            _open.Clear();
        }

        foreach (var timer in timers) timer.Dispose();
    }

    /// <summary>The description without the candidates of other transports (RFC 8839 §5.1: the third field).</summary>
    internal static string Only(CheckTransport transport, string sdp)
    {
        var wanted = transport == CheckTransport.Tcp ? "tcp" : "udp";
        return string.Join("\r\n", sdp.Split("\r\n").Where(line =>
            !line.StartsWith("a=candidate:", StringComparison.Ordinal)
            || (line.Split(' ') is [_, _, var named, ..] && named.Equals(wanted, StringComparison.OrdinalIgnoreCase))));
    }

    private static Reply<SessionDescriptionMessage> No(ProtocolError error) => new(null, error);

    private bool TryReserve()
    {
        lock (_lock)
        {
            if (_disposed || _reserved >= Most) return false;
            _reserved++;
            return true;
        }
    }

    private void Keep(IMeetingMedia media)
    {
        lock (_lock)
        {
            if (!_disposed)
            {
                _open.Add(media, _time.CreateTimer(_ => End(media), null, Lifetime, Timeout.InfiniteTimeSpan));
                return;
            }
        }

        Release(media);
    }

    private void End(IMeetingMedia media)
    {
        lock (_lock)
        {
            if (!_open.Remove(media, out var timer)) return;
            timer.Dispose();
        }

        Release(media);
    }

    private void Release(IMeetingMedia? media)
    {
        lock (_lock) _reserved--;
        media?.Close();
    }

    [LoggerMessage(1, LogLevel.Warning, "A self-test's offer could not be answered.")]
    private partial void LogFault(Exception fault);

    private sealed class NobodyListens : IMeetingMediaEvents
    {
        public static NobodyListens Instance { get; } = new();

        public void OnMediaState(string participantId, MediaConnectionState state, string? message)
        {
        }

        public void OnSpeakers(IReadOnlyList<string> speaking, string? dominant)
        {
        }

        public void OnInMix(string voiceId, string listenerId, uint rtpTimestamp)
        {
        }

        public void OnSlotQuality(string viewerId, SlotQuality quality)
        {
        }

        public void OnLayersWanted(string participantId, SendLayers layers)
        {
        }

        public void OnSlotShown(string viewerId, string mid, string? sourceId, VideoSourceKind source)
        {
        }
    }
}
