using Parley.Media.Stun;
using Parley.Media.Tests.Stun;
using Parley.Media.Turn;

namespace Parley.Media.Tests.Turn;

public sealed class TurnCredentialsTests
{
    [Fact]
    public void Makes_the_key_of_the_RFCs_sample_request()
    {
        // RFC 5769 §2.4, whose request has realm and nonce as a challenge would.
        Assert.Equal(StunParseResult.Ok, StunMessage.TryParse(StunVectors.LongTermRequest, out var sample));
        var credentials = new TurnCredentials("マトリックス", "TheMatrIX");

        Assert.False(credentials.Verify(sample));
        Assert.True(credentials.TryTakeChallenge(sample));

        Assert.True(credentials.Verify(sample));
        var other = new TurnCredentials("マトリックス", "TheMatrIx");
        other.TryTakeChallenge(sample);
        Assert.False(other.Verify(sample));
    }

    [Fact]
    public void Seals_a_request_with_what_the_server_asked_for()
    {
        StunMessage.TryParse(StunVectors.LongTermRequest, out var sample);
        var credentials = new TurnCredentials("マトリックス", "TheMatrIX");
        credentials.TryTakeChallenge(sample);
        var writer = new StunWriter(new byte[512], StunClass.Request, StunMethod.Allocate, new byte[12]);

        credentials.Seal(ref writer);

        Assert.Equal(StunParseResult.Ok, StunMessage.TryParse(writer.Written, out var request));
        Assert.True(request.TryGetUsername(out var username));
        Assert.Equal("マトリックス"u8.ToArray(), username.ToArray());
        Assert.True(request.TryGetRealm(out var realm));
        Assert.Equal("example.org"u8.ToArray(), realm.ToArray());
        Assert.True(request.TryGetNonce(out var nonce));
        Assert.Equal("f//499k954d6OL34oL9FSTvy64sA"u8.ToArray(), nonce.ToArray());
        Assert.True(credentials.Verify(request));
        Assert.True(request.HasFingerprint);
    }

    [Theory]
    [InlineData(509, 509, true)]
    [InlineData(510, 509, false)]
    [InlineData(509, 510, false)]
    public void Takes_no_challenge_that_would_not_fit(int realmLength, int nonceLength, bool taken)
    {
        var writer = new StunWriter(new byte[2048], StunClass.ErrorResponse, StunMethod.Allocate, new byte[12]);
        writer.WriteErrorCode(401, default);
        writer.WriteRealm(new byte[realmLength]);
        writer.WriteNonce(new byte[nonceLength]);
        Assert.Equal(StunParseResult.Ok, StunMessage.TryParse(writer.Written, out var challenge));

        Assert.Equal(taken, new TurnCredentials("u", "p").TryTakeChallenge(challenge));
    }
}
