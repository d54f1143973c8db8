using Parley.Media.Ice;
using Parley.Media.Sdp;
using Parley.Media.Session;
using Parley.Media.Tests.Sdp;

namespace Parley.Media.Tests.Session;

/// <summary>Which transport an offer is for, and what is answered to a restart.</summary>
public sealed class PeerNegotiationTests
{
    private static readonly Fingerprint Own = new("sha-256", string.Join(':', Enumerable.Repeat("AB", 32)));
    private static readonly IceCandidate Address = IceCandidate.Host(TransportAddress.FromIPv4(0xC0000201, 7_000), 65_535);

    [Theory]
    [InlineData("chromium-devices")]
    [InlineData("firefox-devices")]
    public void A_restart_is_of_the_same_session_and_certificate(string fixture)
    {
        var negotiation = Make();
        var offer = Parse(fixture);
        Assert.Equal(OfferedTransport.Same, negotiation.Compare(offer));
        Assert.True(negotiation.TryAnswer(offer, null, null, out _, out _, out _));
        Assert.Equal(OfferedTransport.Same, negotiation.Compare(offer));

        var restart = Restart(offer);
        Assert.Equal(OfferedTransport.Restarted, negotiation.Compare(restart));
        Assert.Equal(OfferedTransport.Other, negotiation.Compare(restart with { Origin = offer.Origin with { SessionId = 1 } }));
        Assert.Equal(OfferedTransport.Other, negotiation.Compare(restart with { Origin = offer.Origin with { Username = "else" } }));
        Assert.Equal(OfferedTransport.Other, negotiation.Compare(restart with
        {
            Fingerprints = [Own],
            Media = [.. restart.Media.Select(line => line with { Fingerprints = [Own] })],
        }));
    }

    [Theory]
    [InlineData("chromium-devices")]
    [InlineData("firefox-devices")]
    public void A_restart_is_answered_with_new_credentials_and_all_else_as_before(string fixture)
    {
        var negotiation = Make();
        var offer = Parse(fixture);
        Assert.True(negotiation.TryAnswer(offer, null, null, out var first, out var before, out _));
        var restarted = IceCredentials.Create(RandomSource.Seeded(9));
        var moved = IceCandidate.Host(TransportAddress.FromIPv4(0xC0000202, 7_000), 65_535);
        Assert.True(negotiation.TryAnswer(Restart(offer), restarted, [moved], out var second, out var after, out var error), error);

        Assert.Contains($"a=ice-ufrag:{restarted.Ufrag}", second.Sdp, StringComparison.Ordinal);
        Assert.Contains($"a=ice-pwd:{restarted.Password}", second.Sdp, StringComparison.Ordinal);
        Assert.Contains("192.0.2.2", second.Sdp, StringComparison.Ordinal);
        Assert.Equal("else", after.Remote.Ufrag);
        Assert.Equivalent(before.Slots, after.Slots, strict: true);
        Assert.Equal(before.Audio!.SendSsrc, after.Audio!.SendSsrc);
        Assert.Equal(Kept(first.Sdp), Kept(second.Sdp));

        // And what comes after names the new ones still.
        Assert.True(negotiation.TryAnswer(Restart(offer), null, null, out var third, out _, out _));
        Assert.Contains($"a=ice-ufrag:{restarted.Ufrag}", third.Sdp, StringComparison.Ordinal);
    }

    [Fact]
    public void A_restart_that_turns_the_dtls_roles_round_is_refused_and_changes_nothing()
    {
        var negotiation = Make();
        var offer = Parse("chromium-devices");
        Assert.True(negotiation.TryAnswer(offer, null, null, out _, out _, out _));
        var passive = Restart(offer) with { Media = [.. Restart(offer).Media.Select(line => line with { Setup = DtlsSetup.Passive })] };
        Assert.False(negotiation.TryAnswer(passive, IceCredentials.Create(RandomSource.Seeded(9)), null, out _, out _, out var error));
        Assert.Contains("a=setup", error, StringComparison.Ordinal);
        Assert.Equal(OfferedTransport.Same, negotiation.Compare(offer));
        Assert.True(negotiation.TryAnswer(offer, null, null, out _, out _, out _));
    }

    private static PeerNegotiation Make() =>
        new(RandomSource.Seeded(1), IceCredentials.Create(RandomSource.Seeded(2)), Own, [Address], maximumSlots: 8, SdpPolicy.Default);

    private static SessionDescription Parse(string fixture) => SdpFixtures.Parse(SdpFixtures.Text(fixture));

    private static SessionDescription Restart(SessionDescription offer) =>
        offer with { Media = [.. offer.Media.Select(line => line with { IceUfrag = "else", IcePwd = new string('p', 24) })] };

    private static IEnumerable<string> Kept(string sdp) =>
        sdp.Split("\r\n").Where(line => !line.StartsWith("a=ice-", StringComparison.Ordinal)
            && !line.StartsWith("a=candidate", StringComparison.Ordinal) && !line.StartsWith("o=", StringComparison.Ordinal));
}
