using CsCheck;
using Parley.Media.Ice;
using Parley.Media.Stun;
using Parley.Media.Tests.Stun;

namespace Parley.Media.Tests.Ice;

public sealed class IceDemuxTests
{
    [Fact]
    public void Finds_our_ufrag_in_the_first_check()
    {
        Assert.True(IceDemux.TryReadLocalUfrag(StunVectors.Request, out var ufrag));
        Assert.Equal("evtj"u8.ToArray(), ufrag.ToArray());
    }

    [Theory]
    [InlineData("nocolon")]
    [InlineData(":theirs")]
    [InlineData("")]
    public void A_name_without_our_part_is_nobodys(string name)
    {
        var writer = new StunWriter(new byte[128], StunClass.Request, StunMethod.Binding, new byte[12]);
        writer.WriteUsername(System.Text.Encoding.UTF8.GetBytes(name));
        Assert.False(IceDemux.TryReadLocalUfrag(writer.Written, out _));
    }

    [Fact]
    public void Only_Binding_requests_with_a_name_are_routed()
    {
        Assert.False(IceDemux.TryReadLocalUfrag(StunVectors.ResponseIPv4, out _));
        var bare = new StunWriter(new byte[128], StunClass.Request, StunMethod.Binding, new byte[12]);
        Assert.False(IceDemux.TryReadLocalUfrag(bare.Written, out _));
        Gen.Byte.Array[0, 64].Sample(bytes => Assert.False(IceDemux.TryReadLocalUfrag(bytes, out _)));
    }
}
