using Parley.Media.Sdp;

namespace Parley.Media.Tests.Sdp;

/// <summary>
/// Offers of Chromium 156 and Firefox 153 in the shape our client makes them: audio both ways, camera and screen up, slots
/// down. Addresses are replaced by documentation ones; nothing else is changed.
/// </summary>
internal static class SdpFixtures
{
    public static readonly string[] FirstOffers =
    [
        "chromium-devices", "chromium-no-devices", "chromium-one-layer", "firefox-devices", "firefox-no-devices", "firefox-one-layer",
    ];

    /// <summary>The second offer of the same connection as the `-devices` one, with four slots more.</summary>
    public static readonly string[] LaterOffers = ["chromium-devices-more-slots", "firefox-devices-more-slots"];

    public static SdpAnswerOptions Options { get; } = new()
    {
        IceUfrag = "parley01",
        IcePwd = "0123456789abcdef0123456789abcdef",
        Fingerprint = new Fingerprint("sha-256", string.Join(':', Enumerable.Range(0, 32).Select(i => i.ToString("X2")))),
        Candidates =
        [
            "candidate:1 1 udp 2130706431 192.0.2.7 7000 typ host",
            "candidate:2 1 udp 2130706175 2001:db8::7 7000 typ host",
        ],
    };

    public static TheoryData<string> First => [.. FirstOffers];

    public static TheoryData<string> Later => [.. LaterOffers];

    public static TheoryData<string> All => [.. FirstOffers, .. LaterOffers];

    public static string Text(string name) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Sdp", "fixtures", $"{name}.sdp"));

    public static SessionDescription Parse(string text)
    {
        Assert.True(SessionDescription.TryParse(text, out var description, out var error), error?.ToString());
        return description;
    }

    public static SdpAnswer Answer(SessionDescription offer, SdpAnswerOptions? options = null, SdpAnswerer? answerer = null)
    {
        answerer ??= new SdpAnswerer(RandomSource.Seeded(1));
        Assert.True(answerer.TryAnswer(offer, options ?? Options, out var answer, out var error), error?.ToString());
        return answer;
    }

    /// <summary>The description without the line numbers, which are not part of what it says.</summary>
    public static SessionDescription WithoutLines(SessionDescription description) =>
        description with { Media = [.. description.Media.Select(m => m with { Line = 0 })] };
}
