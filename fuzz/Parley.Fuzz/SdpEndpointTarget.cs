using System.Runtime.CompilerServices;
using System.Text;
using Parley.Media;
using Parley.Media.Ice;
using Parley.Media.Sdp;

namespace Parley.Fuzz;

public static partial class FuzzTargets
{
    private static readonly SdpLocal Participant = new()
    {
        Ice = new IceCredentials("fuzz", "0123456789abcdefghijkl"),
        Fingerprint = new Fingerprint("sha-256", string.Join(':', Enumerable.Repeat("0F", 32))),
        Candidates = ["1 1 udp 2130706431 192.0.2.1 7000 typ host"],
        Lines = [new(MediaKind.Audio, "0", MediaDirection.SendRecv), new(MediaKind.Video, "1", MediaDirection.SendRecv)],
    };

    private static readonly SdpLocal Restarting = Participant with { Ice = new IceCredentials("again", "0123456789abcdefghijkl") };

#pragma warning disable CA2255 // Targets register themselves, so that several people add files and nobody edits a list.
    [ModuleInitializer]
    internal static void RegisterSdpEndpoint() => All["sdp-endpoint"] = SdpEndpointBytes;
#pragma warning restore CA2255

    /// <summary>As an offer and as the answer to ours, first and later: taken or refused with a reason, and what is settled holds together.</summary>
    private static void SdpEndpointBytes(ReadOnlySpan<byte> input)
    {
        var text = Encoding.UTF8.GetString(input);

        var answerer = new SdpEndpoint(SdpPolicy.Participant, RandomSource.Seeded(1));
        if (answerer.TryAnswer(text, Participant, out var answer, out var session, out var error))
        {
            Promise.Check(SessionDescription.TryParse(answer, out var answered, out _));
            Promise.Check(answered!.Media.Count == session.Media.Count);
            CheckSession(session);
            Promise.Check(!answerer.IsIceRestart(text));
            Promise.Check(answerer.TryAnswer(text, Participant, out _, out var again, out _));
            Promise.Check(again!.Media.Select(m => m.LocalSource).SequenceEqual(session.Media.Select(m => m.LocalSource)));
            Promise.Check(SessionDescription.TryParse(answerer.CreateOffer(Restarting), out _, out _));
            answerer.TryApplyAnswer(text, out _, out _);
        }
        else
        {
            Promise.Check(error!.Message.Length > 0);
        }

        var offerer = new SdpEndpoint(SdpPolicy.Participant, RandomSource.Seeded(1));
        offerer.CreateOffer(Participant);
        if (offerer.TryApplyAnswer(text, out session, out error))
        {
            Promise.Check(session.Media.Count == Participant.Lines.Count);
            CheckSession(session);
            offerer.CreateOffer(Participant);
            Promise.Check(offerer.TryApplyAnswer(text, out _, out _));
        }
        else
        {
            Promise.Check(error!.Message.Length > 0);
        }
    }

    private static void CheckSession(SdpSession session)
    {
        Promise.Check(session.OurRole is DtlsSetup.Active or DtlsSetup.Passive);
        Promise.Check(session.RemoteFingerprint.IsStrong);
        Promise.Check(IceCredentials.IsValid(session.RemoteIceUfrag, session.RemoteIcePwd));
        Promise.Check(session.Media.Any(m => !m.Rejected));
        Promise.Check(session.Media.All(m => m.Rejected || (m.Codec is not null && m.ReceivesFromUs == (m.LocalSource is not null))));
        Promise.Check(session.RemoteCandidates.Count <= SdpLimits.Entries);
    }
}
