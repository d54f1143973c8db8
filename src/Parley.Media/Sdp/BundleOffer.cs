using System.Diagnostics.CodeAnalysis;

namespace Parley.Media.Sdp;

/// <summary>
/// An offer that one transport can carry: which lines we take, and the line whose transport attributes count for all of
/// them (RFC 9143 §7.3.1).
/// </summary>
internal sealed record BundleOffer(bool[] Accepted, int Tagged)
{
    /// <summary>Checks what an offer must have before its lines are looked at one by one.</summary>
    public static bool TryRead(
        SessionDescription offer,
        SdpAnswerOptions options,
        [NotNullWhen(true)] out BundleOffer? bundle,
        [NotNullWhen(false)] out SdpError? error)
    {
        bundle = null;
        if (offer.Media.Count == 0) return Fail(0, "The offer has no m= line.", out error);
        if (offer.Media.Count > options.MaximumMedia)
        {
            return Fail(0, $"The offer has {offer.Media.Count} m= lines; at most {options.MaximumMedia} are allowed.", out error);
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
            // RFC 9143 §7.5.3: port 0 without bundle-only takes a line out of use; with it, the line is alive (§6).
            var alive = media.Port != 0 || media.BundleOnly;
            accepted[i] = alive && media.Kind != MediaKind.Other && options.Accept(media, i);
        }

        if (!accepted.Contains(true)) return Fail(0, "The offer has no audio or video line that could be taken.", out error);
        var group = offer.Groups.FirstOrDefault(g => g.Semantics == "BUNDLE");
        if (group is null) return Fail(0, "The offer has no a=group:BUNDLE: all lines must share one transport.", out error);

        var tagged = -1;
        foreach (var mid in group.Mids)
        {
            var index = IndexOf(offer, mid);
            if (index < 0) return Fail(0, "a=group:BUNDLE names a mid that no m= line has.", out error);
            if (tagged >= 0 || offer.Media[index].Port == 0) continue;
            tagged = index;
        }

        for (var i = 0; i < accepted.Length; i++)
        {
            if (accepted[i] && !group.Mids.Contains(offer.Media[i].Mid!))
            {
                return Fail(offer.Media[i].Line, "The m= line is not in the BUNDLE group.", out error);
            }
        }

        // RFC 9143 §7.3.1 would let the next line carry the transport. Chromium does not follow such an answer, and Firefox
        // gives only its first line a port.
        if (tagged < 0) return Fail(0, "No line of the BUNDLE group has a port.", out error);
        if (!accepted[tagged])
        {
            return Fail(offer.Media[tagged].Line, "The first line of the BUNDLE group carries the transport and cannot be refused.", out error);
        }

        error = CheckTransport(offer.Media[tagged]);
        bundle = error is null ? new BundleOffer(accepted, tagged) : null;
        return bundle is not null;
    }

    private static SdpError? CheckMids(SessionDescription offer)
    {
        var mids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var media in offer.Media)
        {
            if (media.Mid is null)
            {
                if (media.Port == 0 && !media.BundleOnly) continue;
                return new SdpError(media.Line, "The m= line has no a=mid.");
            }

            if (!mids.Add(media.Mid)) return new SdpError(media.Line, "Two m= lines have the same a=mid.");
        }

        return null;
    }

    private static SdpError? CheckTransport(MediaDescription tagged)
    {
        string? message = null;
        if (tagged.IceUfrag is null) message = "The offer has no a=ice-ufrag.";
        else if (tagged.IcePwd is null) message = "The offer has no a=ice-pwd.";
        else if (!tagged.RtcpMux) message = "The offer has no a=rtcp-mux: RTP and RTCP must share one port.";
        else if (tagged.Fingerprints.Count == 0) message = "The offer has no a=fingerprint.";
        else if (!tagged.Fingerprints.Any(f => f.IsStrong)) message = "No a=fingerprint of the offer is sha-256, sha-384 or sha-512.";
        else if (tagged.Setup is null) message = "The offer has no a=setup.";
        else if (tagged.Setup is not (DtlsSetup.ActPass or DtlsSetup.Active))
        {
            message = "The offer's a=setup must be actpass or active: the server is always the passive side.";
        }

        return message is null ? null : new SdpError(tagged.Line, message);
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
