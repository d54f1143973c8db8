using Parley.Media.Sdp;
using static Parley.Media.Tests.Sdp.SessionDescriptionTests;

namespace Parley.Media.Tests.Sdp;

public sealed class SdpLimitsTests
{
    private const string Audio = "m=audio 9 UDP/TLS/RTP/SAVPF 0";

    [Fact]
    public void A_megabyte_is_refused_before_it_is_read()
    {
        var sdp = Minimal(Enumerable.Repeat("a=x:" + new string('y', 60), 16_000));
        Assert.True(sdp.Length > 1_000_000);

        var before = GC.GetAllocatedBytesForCurrentThread();
        AssertRefused(sdp, 0, "longer than");
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64 * 1024);
    }

    [Fact]
    public void Too_many_lines_are_refused() => AssertRefused(Minimal(Enumerable.Repeat("a=x", SdpLimits.Lines)), SdpLimits.Lines + 1, "lines");

    [Fact]
    public void A_line_that_is_too_long_is_refused() => AssertRefused(Minimal(["a=" + new string('x', SdpLimits.LineLength)]), 5, "longer than");

    [Fact]
    public void Sixty_five_sections_are_refused_and_sixty_four_are_not()
    {
        Assert.Equal(64, SdpFixtures.Parse(Minimal(Enumerable.Repeat(Audio, 64))).Media.Count);
        AssertRefused(Minimal(Enumerable.Repeat(Audio, 65)), 69, "m= lines");
    }

    [Fact]
    public void The_most_payload_types_a_section_can_have_are_read()
    {
        var all = string.Join(' ', Enumerable.Range(0, 128));
        Assert.Equal(128, SdpFixtures.Parse(Minimal([$"m=audio 9 UDP/TLS/RTP/SAVPF {all}"])).Media[0].Formats.Count);
        AssertRefused(Minimal([$"m=x 9 y {string.Join(' ', Enumerable.Range(0, 129))}"]), 5, "formats");
    }

    [Fact]
    public void Feedback_for_all_payload_types_cannot_grow_without_bound() =>
        AssertRefused(Minimal([Audio, .. Enumerable.Range(0, 33).Select(i => $"a=rtcp-fb:* x{i}")]), 38, "a=rtcp-fb lines");

    [Theory]
    [InlineData("candidate:{0}")]
    [InlineData("rid:r{0} send")]
    [InlineData("ssrc:{0} cname:x")]
    [InlineData("ssrc-group:FID {0}")]
    [InlineData("msid:{0}")]
    public void Repeated_attributes_are_bounded(string attribute)
    {
        var lines = Enumerable.Range(0, SdpLimits.Entries + 1).Select(i => "a=" + attribute.Replace("{0}", i.ToString()));

        AssertRefused(Minimal([Audio, .. lines]), 6 + SdpLimits.Entries, "too many");
    }

    [Fact]
    public void Forty_slots_of_Chromium_are_within_the_limits()
    {
        var text = SdpFixtures.Text("chromium-devices");
        var slot = text[text.LastIndexOf("m=video", StringComparison.Ordinal)..];
        var slots = Enumerable.Range(7, 36).Select(mid => slot.Replace("a=mid:6", $"a=mid:{mid}"));
        var mids = string.Join(' ', Enumerable.Range(0, 43));
        var offer = SdpFixtures.Parse((text + string.Concat(slots)).Replace("BUNDLE 0 1 2 3 4 5 6", $"BUNDLE {mids}"));

        Assert.Equal(43, SdpFixtures.Answer(offer).Media.Count(m => !m.Rejected));
    }
}
