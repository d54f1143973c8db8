using Parley.Media.Ice;
using Parley.Media.Sdp;

namespace Parley.Media.Tests.Sdp;

/// <summary>
/// Participants as the tests need them. The `-peer-` fixtures are of Chromium 156, Firefox ESR 153 and aiortc 1.4: their own offers,
/// and their answers to <see cref="Peer"/>'s first and second offer.
/// </summary>
internal static class SdpEndpoints
{
    public static readonly string[] Others = ["chromium", "firefox", "aiortc"];

    /// <summary>Two people: audio and video, both ways.</summary>
    public static SdpLocal Peer { get; } = new()
    {
        Ice = new IceCredentials("parleyA1", "0123456789abcdef01234567"),
        Fingerprint = new Fingerprint("sha-256", string.Join(':', Enumerable.Range(0, 32).Select(i => i.ToString("X2")))),
        Candidates =
        [
            "1 1 udp 2130706431 192.0.2.7 7000 typ host",
            "2 1 udp 1694498815 198.51.100.7 40000 typ srflx raddr 192.0.2.7 rport 7000",
        ],
        EndOfCandidates = true,
        Lines = [new(MediaKind.Audio, "0", MediaDirection.SendRecv), new(MediaKind.Video, "1", MediaDirection.SendRecv)],
    };

    public static TheoryData<string> AllOthers => [.. Others];

    /// <summary>The lines of protocol.md §5.</summary>
    public static SdpLocal Client(int slots) => Peer with
    {
        Lines =
        [
            new(MediaKind.Audio, "0", MediaDirection.SendRecv),
            new(MediaKind.Video, "1", MediaDirection.SendOnly),
            new(MediaKind.Video, "2", MediaDirection.SendOnly),
            .. Enumerable.Range(3, slots).Select(i => new SdpLine(MediaKind.Video, $"{i}", MediaDirection.RecvOnly)),
        ],
    };

    /// <summary>The same with one line more, which only receives.</summary>
    public static SdpLocal WithScreen(SdpLocal local) => local with { Lines = [.. local.Lines, new(MediaKind.Video, "2", MediaDirection.RecvOnly)] };

    public static SdpLocal WithIce(SdpLocal local, string ufrag) => local with { Ice = new IceCredentials(ufrag, new string('p', 24)) };

    public static SdpEndpoint New(int seed = 1) => new(SdpPolicy.Participant, RandomSource.Seeded(seed), "parley-cname");

    public static SdpSession Apply(SdpEndpoint endpoint, string answer)
    {
        Assert.True(endpoint.TryApplyAnswer(answer, out var session, out var error), error?.ToString());
        Assert.Same(session, endpoint.Session);
        return session;
    }

    public static (string Answer, SdpSession Session) Answer(SdpEndpoint endpoint, string offer, SdpLocal? local = null)
    {
        Assert.True(endpoint.TryAnswer(offer, local ?? Peer, out var answer, out var session, out var error), error?.ToString());
        Assert.Same(session, endpoint.Session);
        return (answer, session);
    }

    /// <summary>That both sides came to the same, seen from either side.</summary>
    public static void AssertAgree(SdpSession ours, SdpSession theirs)
    {
        Assert.Equal(ours.Media.Count, theirs.Media.Count);
        Assert.NotEqual(ours.OurRole, theirs.OurRole);
        foreach (var (a, b) in ours.Media.Zip(theirs.Media))
        {
            Assert.Equal((a.Mid, a.Index, a.Kind, a.Rejected), (b.Mid, b.Index, b.Kind, b.Rejected));
            if (a.Rejected) continue;
            Assert.Equal((a.PayloadType, a.Codec!.Name), (b.PayloadType, b.Codec!.Name));
            Assert.Equal(a.Direction, b.Direction.Reverse());
            Assert.Equal(a.SendExtensionIds, b.ReceiveExtensionIds);
            Assert.Equal(a.ReceiveExtensionIds, b.SendExtensionIds);
            Assert.Equal(a.Codec.Feedback, b.Codec.Feedback);
            AssertSends(a, b);
            AssertSends(b, a);
        }
    }

    private static void AssertSends(NegotiatedMedia from, NegotiatedMedia to)
    {
        Assert.Equal(from.Direction.Sends(), from.LocalSource is not null);
        if (from.LocalSource is not { } source) return;
        Assert.Equal([source.Ssrc], to.RemoteSsrcs);
        Assert.Equal((source.Cname, source.Msid), (to.RemoteCname, to.RemoteMsid));
    }
}
