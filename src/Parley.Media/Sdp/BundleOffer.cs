using System.Diagnostics.CodeAnalysis;

namespace Parley.Media.Sdp;

/// <summary>
/// An offer that one transport can carry: which lines we take, and the line whose transport attributes count for all of
/// them (RFC 9143 §7.3.1).
/// </summary>
internal sealed record BundleOffer(bool[] Accepted, int Tagged)
{
    /// <summary>Checks what an offer must have before its lines are looked at one by one.</summary>
    /// <param name="offer">As parsed.</param>
    /// <param name="wanted">For each line whether we want it.</param>
    /// <param name="maximumMedia">How many lines it may have.</param>
    /// <param name="bundle">What came of it.</param>
    /// <param name="error">Or why it cannot be carried.</param>
    public static bool TryRead(
        SessionDescription offer,
        IReadOnlyList<SdpLine?> wanted,
        int maximumMedia,
        [NotNullWhen(true)] out BundleOffer? bundle,
        [NotNullWhen(false)] out SdpError? error)
    {
        bundle = null;
        if (offer.Media.Count == 0) return Fail(0, "The offer has no m= line.", out error);
        if (offer.Media.Count > maximumMedia)
        {
            return Fail(0, $"The offer has {offer.Media.Count} m= lines; at most {maximumMedia} are allowed.", out error);
        }

        if (CheckMids(offer) is { } wrong)
        {
            error = wrong;
            return false;
        }

        var accepted = new bool[offer.Media.Count];
        for (var i = 0; i < accepted.Length; i++)
        {
            var media = offer.Media[i];
            accepted[i] = IsAlive(media) && media.Kind != MediaKind.Other && wanted[i] is not null;
        }

        if (!accepted.Contains(true)) return Fail(0, "The offer has no audio or video line that could be taken.", out error);
        var group = offer.Groups.FirstOrDefault(g => g.Semantics == "BUNDLE");
        if (group is null) return Fail(0, "The offer has no a=group:BUNDLE: all lines must share one transport.", out error);
        if (group.Mids.Any(mid => IndexOf(offer, mid) < 0)) return Fail(0, "a=group:BUNDLE names a mid that no m= line has.", out error);
        for (var i = 0; i < accepted.Length; i++)
        {
            if (accepted[i] && !group.Mids.Contains(offer.Media[i].Mid!))
            {
                return Fail(offer.Media[i].Line, "The m= line is not in the BUNDLE group.", out error);
            }
        }

        // RFC 9143 §7.3.1 would let the next line carry the transport. Chromium does not follow such an answer, and Firefox
        // gives only its first line a port.
        var tagged = FindTagged(offer);
        if (tagged < 0) return Fail(0, "No line of the BUNDLE group has a port.", out error);
        if (!accepted[tagged])
        {
            return Fail(offer.Media[tagged].Line, "The first line of the BUNDLE group carries the transport and cannot be refused.", out error);
        }

        error = null;
        bundle = new BundleOffer(accepted, tagged);
        return true;
    }

    /// <summary>The first line of the BUNDLE group that has a port; -1 when there is none.</summary>
    public static int FindTagged(SessionDescription offer)
    {
        foreach (var mid in offer.Groups.FirstOrDefault(g => g.Semantics == "BUNDLE")?.Mids ?? [])
        {
            if (IndexOf(offer, mid) is >= 0 and var index && offer.Media[index].Port != 0) return index;
        }

        return -1;
    }

    /// <summary>RFC 9143 §7.5.3: port 0 without bundle-only takes an offered line out of use; with it, the line is alive (§6).</summary>
    public static bool IsAlive(MediaDescription media) => media.Port != 0 || media.BundleOnly;

    private static SdpError? CheckMids(SessionDescription offer)
    {
        var mids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var media in offer.Media)
        {
            if (media.Mid is null)
            {
                if (!IsAlive(media)) continue;
                return new SdpError(media.Line, "The m= line has no a=mid.");
            }

            if (!mids.Add(media.Mid)) return new SdpError(media.Line, "Two m= lines have the same a=mid.");
        }

        return null;
    }

    private static int IndexOf(SessionDescription offer, string mid)
    {
        for (var i = 0; i < offer.Media.Count; i++)
        {
            if (offer.Media[i].Mid == mid) return i;
        }

        return -1;
    }

    private static bool Fail(int line, string message, out SdpError error)
    {
        error = new SdpError(line, message);
        return false;
    }
}
