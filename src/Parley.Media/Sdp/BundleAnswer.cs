using System.Diagnostics.CodeAnalysis;

namespace Parley.Media.Sdp;

/// <summary>An answer that fits its offer line by line and puts all lines on one transport (RFC 3264 §6, RFC 9143 §7.4).</summary>
internal sealed record BundleAnswer(bool[] Accepted, int Tagged)
{
    public static bool TryRead(
        SessionDescription answer,
        SessionDescription offer,
        [NotNullWhen(true)] out BundleAnswer? bundle,
        [NotNullWhen(false)] out SdpError? error)
    {
        bundle = null;
        if (answer.Media.Count != offer.Media.Count)
        {
            return Fail(0, $"The answer has {answer.Media.Count} m= lines and the offer {offer.Media.Count}.", out error);
        }

        var accepted = new bool[answer.Media.Count];
        for (var i = 0; i < accepted.Length; i++)
        {
            var (asked, line) = (offer.Media[i], answer.Media[i]);
            if (line.Kind != asked.Kind) return Fail(line.Line, "The m= line answers one of another media type.", out error);
            // RFC 9143 §7.3.2: in an answer port 0 always rejects. A line that the offer took out of use stays so (RFC 3264 §8.2),
            // whatever port it is given: some implementations do not look at ports.
            accepted[i] = line.Port != 0 && BundleOffer.IsAlive(asked);
            if (accepted[i] && line.Mid is null) return Fail(line.Line, "The m= line has no a=mid.", out error);
            if (line.Mid is not null && line.Mid != asked.Mid) return Fail(line.Line, "The m= line has another a=mid than in the offer.", out error);
        }

        if (!accepted.Contains(true)) return Fail(0, "The answer takes none of the offer's lines.", out error);
        var group = answer.Groups.FirstOrDefault(g => g.Semantics == "BUNDLE");
        if (group is null) return Fail(0, "The answer has no a=group:BUNDLE: all lines must share one transport.", out error);
        var tagged = -1;
        foreach (var mid in group.Mids)
        {
            var index = 0;
            while (index < accepted.Length && offer.Media[index].Mid != mid) index++;
            if (index == accepted.Length) return Fail(0, "a=group:BUNDLE names a mid that the offer has not.", out error);
            if (tagged < 0 && accepted[index]) tagged = index;
        }

        for (var i = 0; i < accepted.Length; i++)
        {
            if (accepted[i] && !group.Mids.Contains(answer.Media[i].Mid!))
            {
                return Fail(answer.Media[i].Line, "The m= line is not in the BUNDLE group.", out error);
            }
        }

        error = null;
        bundle = new BundleAnswer(accepted, tagged);
        return true;
    }

    private static bool Fail(int line, string message, out SdpError error)
    {
        error = new SdpError(line, message);
        return false;
    }
}
