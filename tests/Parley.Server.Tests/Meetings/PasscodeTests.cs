using CsCheck;
using Parley.Server.Meetings;

namespace Parley.Server.Tests.Meetings;

public sealed class PasscodeTests
{
    [Fact]
    public void Each_hash_has_a_salt_of_its_own_and_fits_its_passcode_only()
    {
        var (one, other) = (Passcode.Hash("sesame"), Passcode.Hash("sesame"));
        Assert.NotEqual(one, other);
        foreach (var hash in new[] { one, other })
        {
            Assert.True(Passcode.Matches("sesame", hash));
            Assert.True(Passcode.Matches(" sesame\n", hash));
            foreach (var wrong in new[] { null, "", "Sesame", "sesam", "sesame2" }) Assert.False(Passcode.Matches(wrong, hash));
        }

        Assert.False(Passcode.Matches("sesame", []));
        Assert.False(Passcode.Matches("sesame", one.AsSpan(1)));
    }

    [Fact]
    public void Any_text_that_can_be_typed_fits_itself() => Gen.String[1, 80].Sample(
        typed => Assert.True(Text.Line(typed, Passcode.Longest) is not { } clean || Passcode.Matches(typed, Passcode.Hash(clean))),
        iter: 50);
}
