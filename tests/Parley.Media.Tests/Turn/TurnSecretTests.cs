using System.Text;
using CsCheck;
using Parley.Media.Turn;

namespace Parley.Media.Tests.Turn;

public sealed class TurnSecretTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);

    [Fact]
    public void Issues_what_every_turn_server_understands()
    {
        // printf '1800043200:ada' | openssl dgst -sha1 -hmac north -binary | base64
        var credentials = new TurnSecret("north"u8).Issue("ada", Now);
        Assert.Equal(("1800043200:ada", "ee0PYbF0hxlFnPJ5n+BbrxFofw4="), (credentials.Username, credentials.Password));
        Assert.DoesNotContain(credentials.Password, credentials.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Lifetimes_are_five_minutes_to_a_day()
    {
        var secret = TurnSecret.Create(RandomSource.System);
        Assert.StartsWith("1800000300:", secret.Issue("ada", Now, TimeSpan.FromMinutes(5)).Username, StringComparison.Ordinal);
        Assert.StartsWith("1800086400:", secret.Issue("ada", Now, TimeSpan.FromDays(1)).Username, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => secret.Issue("ada", Now, TimeSpan.FromSeconds(299)));
        Assert.Throws<ArgumentOutOfRangeException>(() => secret.Issue("ada", Now, TimeSpan.FromSeconds(86401)));
        Assert.Throws<ArgumentOutOfRangeException>(() => secret.Issue("", Now));
        Assert.Throws<ArgumentOutOfRangeException>(() => secret.Issue(new string('a', 201), Now));
    }

    [Fact]
    public void What_was_issued_is_read_back()
    {
        var secret = TurnSecret.Create(RandomSource.System);
        Gen.String[1, 60].Select(Gen.Int[300, 86400]).Sample((user, seconds) =>
        {
            if (Encoding.UTF8.GetByteCount(user) > 200) return;
            var credentials = secret.Issue(user, Now, TimeSpan.FromSeconds(seconds));
            Assert.True(TurnSecret.TryParse(Encoding.UTF8.GetBytes(credentials.Username), out var expiresAt, out var id));
            Assert.Equal(Now.ToUnixTimeSeconds() + seconds, expiresAt);
            Assert.True(id.SequenceEqual(Encoding.UTF8.GetBytes(user)));
        });
    }

    [Theory]
    [InlineData("")]
    [InlineData("1800000000")]
    [InlineData("1800000000:")]
    [InlineData(":ada")]
    [InlineData("ada:1800000000")]
    [InlineData("-1800000000:ada")]
    [InlineData("+1800000000:ada")]
    [InlineData("1800000000000:ada")]
    [InlineData("99999999999999999999999999:ada")]
    [InlineData(" 1800000000:ada")]
    [InlineData("1800000000 :ada")]
    public void What_we_do_not_issue_is_no_user_name(string username) =>
        Assert.False(TurnSecret.TryParse(Encoding.UTF8.GetBytes(username), out _, out _));
}
