using CsCheck;
using Parley.Server.Files;

namespace Parley.Server.Tests.Files;

public sealed class PictureTypeTests
{
    [Theory]
    [InlineData("89504E470D0A1A0A0000", "image/png")]
    [InlineData("FFD8FFE000104A464946", "image/jpeg")]
    [InlineData("474946383961", "image/gif")]
    [InlineData("474946383761", "image/gif")]
    [InlineData("524946460000000057454250", "image/webp")]
    [InlineData("5249464600000000574156", "application/octet-stream")]
    [InlineData("89504E470D0A", "application/octet-stream")]
    [InlineData("", "application/octet-stream")]
    public void Pictures_are_told_by_their_first_bytes(string hex, string type) => Assert.Equal(type, PictureType.Of(Convert.FromHexString(hex)));

    [Theory]
    [InlineData("<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>")]
    [InlineData("<!doctype html><script>alert(1)</script>")]
    [InlineData("%PDF-1.7")]
    public void What_could_hold_a_script_is_just_bytes(string text) =>
        Assert.Equal(PictureType.Unknown, PictureType.Of(System.Text.Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void Any_bytes_have_a_type() => Gen.Byte.Array[0, 20].Sample(bytes => PictureType.Of(bytes).Length > 0);
}
