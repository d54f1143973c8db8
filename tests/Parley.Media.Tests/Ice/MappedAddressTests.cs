using Parley.Media.Ice;
using Parley.Media.Stun;

namespace Parley.Media.Tests.Ice;

/// <summary>Learning one's address outside a NAT from a STUN server, among all that rains on a media port.</summary>
public sealed class MappedAddressTests
{
    private static readonly TransportAddress Server = TransportAddress.FromIPv4(0xC0000201, 3_478);
    private static readonly TransportAddress Outside = TransportAddress.FromIPv4(0xCB007105, 7_001);

    private readonly MappedAddress _mapped = new(Server, RandomSource.Seeded(1));

    [Fact]
    public void It_asks_at_once_and_25_s_after_each_answer()
    {
        var first = Ask(0);
        Assert.Equal(StunClass.Request, first.Class);
        Assert.True(_mapped.TryTake(Answer(first), Server, Seconds(1)));
        Assert.Equal(Outside, _mapped.Current);
        Assert.Equal(Seconds(26), _mapped.NextDeadline);
        Assert.True(_mapped.HandleTimeout(Seconds(25.9)).IsEmpty);

        var second = Ask(26);
        Assert.False(first.TransactionId.SequenceEqual(second.TransactionId));
        var moved = TransportAddress.FromIPv4(0xCB007106, 7_002);
        Assert.True(_mapped.TryTake(Answer(second, moved), Server with { Local = 1 }, Seconds(27)));
        Assert.Equal(moved, _mapped.Current);
    }

    [Fact]
    public void Only_the_answer_to_its_own_open_question_from_that_server_counts_and_only_once()
    {
        var question = Ask(0);
        var other = new StunWriter(new byte[64], StunClass.Request, StunMethod.Binding, new byte[12]);
        Assert.Equal(StunParseResult.Ok, StunMessage.TryParse(other.Written, out var stranger));
        Assert.False(_mapped.TryTake(Answer(stranger), Server, Seconds(1)));
        Assert.False(_mapped.TryTake(Answer(question), Server with { Port = 3_479 }, Seconds(1)));
        Assert.False(_mapped.TryTake(Answer(question), Server with { Connection = 1 }, Seconds(1)));
        Assert.False(_mapped.TryTake([0x80, 96, 1, 2], Server, Seconds(1)));
        Assert.False(_mapped.TryTake([], Server, Seconds(1)));
        Assert.Null(_mapped.Current);

        Assert.True(_mapped.TryTake(Answer(question), Server, Seconds(1)));
        Assert.False(_mapped.TryTake(Answer(question, TransportAddress.FromIPv4(1, 1)), Server, Seconds(2)));
        Assert.Equal(Outside, _mapped.Current);
    }

    [Theory]
    [InlineData(0u, 7_000)]
    [InlineData(0xE0000001u, 7_000)]
    [InlineData(0xFFFFFFFFu, 7_000)]
    [InlineData(0xCB007105u, 0)]
    public void What_is_no_address_of_ours_is_not_told(uint address, ushort port)
    {
        Assert.True(_mapped.TryTake(Answer(Ask(0), TransportAddress.FromIPv4(address, port)), Server, Seconds(1)));
        Assert.Null(_mapped.Current);
    }

    [Fact]
    public void A_silent_server_is_asked_seven_times_and_then_again_later_and_what_it_once_said_holds()
    {
        Assert.True(_mapped.TryTake(Answer(Ask(0)), Server, Seconds(0)));
        var asked = 0;
        var now = Seconds(25);
        for (; !_mapped.IsSilent; now = _mapped.NextDeadline)
        {
            if (!_mapped.HandleTimeout(now).IsEmpty) asked++;
            Assert.True(now < Seconds(100));
        }

        Assert.Equal(7, asked);
        Assert.Equal(Outside, _mapped.Current);
        var question = Ask(now.TotalSeconds);
        Assert.True(_mapped.TryTake(Answer(question), Server, now + Seconds(1)));
        Assert.False(_mapped.IsSilent);
    }

    [Fact]
    public void An_error_is_an_answer_and_no_address()
    {
        var question = Ask(0);
        var refusal = new StunWriter(new byte[64], StunClass.ErrorResponse, StunMethod.Binding, question.TransactionId);
        refusal.WriteErrorCode(420, default);
        Assert.True(_mapped.TryTake(refusal.Written, Server, Seconds(1)));
        Assert.Null(_mapped.Current);
        Assert.True(_mapped.IsSilent);
    }

    private static byte[] Answer(StunMessage question, TransportAddress? mapped = null)
    {
        var writer = new StunWriter(new byte[64], StunClass.SuccessResponse, StunMethod.Binding, question.TransactionId);
        writer.WriteXorMappedAddress(mapped ?? Outside);
        return writer.Written.ToArray();
    }

    private StunMessage Ask(double seconds)
    {
        Assert.Equal(StunParseResult.Ok, StunMessage.TryParse(_mapped.HandleTimeout(Seconds(seconds)).ToArray(), out var question));
        return question;
    }

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);
}
