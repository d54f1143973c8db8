using Parley.Media.Ice;

namespace Parley.Media.Tests.Ice;

public sealed class IceCredentialsTests
{
    [Fact]
    public void Makes_credentials_of_ice_characters_only()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var made = IceCredentials.Create(RandomSource.Seeded(seed));
            Assert.Equal((8, 24), (made.Ufrag.Length, made.Password.Length));
            Assert.True(IceCredentials.IsValid(made.Ufrag, made.Password));
        }

        Assert.NotEqual(IceCredentials.Create(RandomSource.System), IceCredentials.Create(RandomSource.System));
    }

    [Theory]
    [InlineData("abcd", "0123456789012345678901", true)]
    [InlineData("abc", "0123456789012345678901", false)]
    [InlineData("abcd", "012345678901234567890", false)]
    [InlineData("ab:d", "0123456789012345678901", false)]
    [InlineData("abcd", "012345678901234567890\n", false)]
    [InlineData("äbcd", "0123456789012345678901", false)]
    [InlineData(null, "0123456789012345678901", false)]
    [InlineData("abcd", null, false)]
    public void Tells_a_peers_credentials_from_nonsense(string? ufrag, string? password, bool valid)
    {
        Assert.Equal(valid, IceCredentials.IsValid(ufrag, password));
        if (!valid)
        {
            Assert.Throws<ArgumentException>(() => new IceCredentials(ufrag!, password!));
        }
    }

    [Fact]
    public void The_longest_are_256_characters()
    {
        Assert.True(IceCredentials.IsValid(new string('a', 256), new string('b', 256)));
        Assert.False(IceCredentials.IsValid(new string('a', 257), new string('b', 256)));
        Assert.False(IceCredentials.IsValid(new string('a', 256), new string('b', 257)));
    }

    [Fact]
    public void The_password_does_not_show_when_printed() =>
        Assert.Equal("IceCredentials(abcd)", new IceCredentials("abcd", "0123456789012345678901").ToString());
}
