using Parley.Media.Rtp;

namespace Parley.Media.Tests.Rtp;

public sealed class DependencyDescriptorTests
{
    [Fact]
    public void A_structure_holds_for_the_frames_that_follow()
    {
        var structure = new DependencyStructure();
        Assert.False(DependencyDescriptor.TryRead(Hex.Bytes("C30002"), structure, out _));
        Assert.True(DependencyDescriptor.TryRead(KeyframeValue(), structure, out var first));
        Assert.Equal(new { StartsFrame = true, EndsFrame = false, TemporalId = (byte)0, SwitchUpTo = (byte)2 }, Told(first));
        Assert.True(DependencyDescriptor.TryRead(Hex.Bytes("C30002"), structure, out var second));
        Assert.Equal(new { StartsFrame = true, EndsFrame = true, TemporalId = (byte)2, SwitchUpTo = (byte)0 }, Told(second));
        Assert.True(DependencyDescriptor.TryRead(Hex.Bytes("820003"), structure, out var third));
        Assert.Equal(new { StartsFrame = true, EndsFrame = false, TemporalId = (byte)1, SwitchUpTo = (byte)2 }, Told(third));
    }

    [Fact]
    public void A_frame_may_have_indications_of_its_own()
    {
        var structure = new DependencyStructure();
        Assert.True(DependencyDescriptor.TryRead(KeyframeValue(), structure, out _));

        // custom_dtis_flag; not present, switch, required.
        Assert.True(DependencyDescriptor.TryRead(Hex.Bytes("C20003 21 60"), structure, out var descriptor));
        Assert.Equal(1, descriptor.SwitchUpTo);
    }

    [Fact]
    public void What_ends_too_early_is_refused_and_leaves_no_structure()
    {
        var whole = KeyframeValue();
        for (var length = 0; length < whole.Length; length++)
        {
            var structure = new DependencyStructure();
            var isRead = DependencyDescriptor.TryRead(whole.AsSpan(0, length), structure, out _);
            Assert.False(isRead);
            Assert.False(DependencyDescriptor.TryRead(Hex.Bytes("C30002"), structure, out _));
        }
    }

    [Theory]
    [InlineData("C80004")] // a template that is not there
    [InlineData("C0")] // no frame number
    [InlineData("C30004 20")] // own indications, but none follow
    [InlineData("800001 80 00 AA")] // a fifth spatial layer
    public void What_cannot_be_is_refused(string hex)
    {
        var structure = new DependencyStructure();
        Assert.True(DependencyDescriptor.TryRead(KeyframeValue(), structure, out _));
        Assert.False(DependencyDescriptor.TryRead(Hex.Bytes(hex), structure, out _));
    }

    /// <summary>Of a keyframe of L1T3 by libaom: four templates, three decode targets, one chain and a render size.</summary>
    private static byte[] KeyframeValue()
    {
        Assert.True(RtpPacket.TryParse(RtpCaptures.Read("av1-l1t3")[0], out var packet));
        Assert.True(packet.TryGetExtension(RtpCaptures.DependencyDescriptor, out var value));
        return value.ToArray();
    }

    private static object Told(DependencyDescriptor d) => new { d.StartsFrame, d.EndsFrame, d.TemporalId, d.SwitchUpTo };
}
