using System.Runtime.CompilerServices;
using System.Text;
using Parley.Media;
using Parley.Media.Sdp;

namespace Parley.Fuzz;

public static partial class FuzzTargets
{
    private static readonly SdpAnswerOptions Answer = new()
    {
        IceUfrag = "fuzz",
        IcePwd = "0123456789abcdefghijkl",
        Fingerprint = new Fingerprint("sha-256", string.Join(':', Enumerable.Repeat("0F", 32))),
        Candidates = ["candidate:1 1 udp 2130706431 192.0.2.1 7000 typ host"],
    };

#pragma warning disable CA2255 // Targets register themselves, so that several people add files and nobody edits a list.
    [ModuleInitializer]
    internal static void RegisterSdp() => All["sdp"] = Sdp;
#pragma warning restore CA2255

    /// <summary>What parses writes back to the same, and is answered by something that parses, or refused with a reason.</summary>
    private static void Sdp(ReadOnlySpan<byte> input)
    {
        if (!SessionDescription.TryParse(Encoding.UTF8.GetString(input), out var offer, out _)) return;

        // A feedback line for all payload types becomes many lines, so what is written may be over the limits.
        var text = offer.ToString();
        if (SessionDescription.TryParse(text, out var again, out var error))
        {
            if (again.ToString() != text) throw new InvalidOperationException("What was written reads differently.");
        }
        else if (text.Length <= SdpLimits.Length && text.AsSpan().Count('\n') <= SdpLimits.Lines)
        {
            throw new InvalidOperationException($"What was written does not read: {error}");
        }

        var answerer = new SdpAnswerer(RandomSource.Seeded(1));
        if (!answerer.TryAnswer(offer, Answer, out var answer, out _)) return;
        if (!SessionDescription.TryParse(answer.Sdp, out var answered, out error))
        {
            throw new InvalidOperationException($"The answer does not read: {error}");
        }

        if (answered.Media.Count != offer.Media.Count) throw new InvalidOperationException("The answer has other lines than the offer.");
        if (!answerer.TryAnswer(offer, Answer, out _, out error))
        {
            throw new InvalidOperationException($"The same offer is refused the second time: {error}");
        }
    }
}
