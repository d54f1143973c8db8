using CsCheck;
using Parley.Protocol;
using Parley.Server.Meetings;

namespace Parley.Server.Tests.Meetings;

public sealed class ReactionTests
{
    private readonly MeetingFixture _server = new();
    private Meeting _meeting = null!;

    [Theory]
    [InlineData("👍")]
    [InlineData("❤️")]
    [InlineData("❤")]
    [InlineData("👩🏽‍🚒")]
    [InlineData("👨‍👩‍👧‍👦")]
    [InlineData("🇨🇳")]
    [InlineData("🏴󠁧󠁢󠁳󠁣󠁴󠁿")]
    [InlineData("1️⃣")]
    [InlineData("#⃣")]
    [InlineData("✅")]
    [InlineData("⏰")]
    [InlineData("🫠")]
    public void One_emoji_is_one(string emoji) => Assert.True(Emoji.IsOne(emoji));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("1")]
    [InlineData("好")]
    [InlineData("👍👍")]
    [InlineData("👍 ")]
    [InlineData("👍a")]
    [InlineData("👍\u0301\u0301")]
    [InlineData("🇨")]
    [InlineData("\u202E👍")]
    [InlineData("\uD83D")]
    [InlineData("<b>")]
    [InlineData("a\u20E3")]
    [InlineData("\u200D")]
    [InlineData("👨‍👩‍👧‍👦‍👨‍👩‍👧‍👦‍👨‍👩‍👧‍👦‍👨‍👩‍👧‍👦")]
    public void Anything_else_is_none(string? text) => Assert.False(Emoji.IsOne(text));

    [Fact]
    public void No_text_is_too_strange() => Gen.String.Sample(text => Emoji.IsOne(text) is var one && (!one || text.Length <= 32));

    [Fact]
    public async Task Everyone_sees_who_reacted_and_again_changes_nothing()
    {
        var (bob, eve) = await TwoAsync();
        var sent = await bob.SayAsync("well?");
        bob.Link.Drain();
        Assert.Null(await WhyNotAsync(eve, sent.Id, "👍", true));
        Assert.Equal(new ChatReacted(sent.Id, "👍", new ChatPerson(eve.Id, "Eve"), true), await bob.Link.NextAsync<ChatReacted>(MeetingEvents.ChatReacted));
        Assert.Null(await WhyNotAsync(eve, sent.Id, "👍", true));
        Assert.Null(await WhyNotAsync(eve, sent.Id, "🎉", false));
        Assert.Empty(bob.Link.Unread());
        Assert.Null(await WhyNotAsync(bob, sent.Id, "👍", true));
        Assert.Null(await WhyNotAsync(bob, sent.Id, "🎉", true));

        var late = await Guest.JoinAsync(_meeting, "Late");
        var reactions = late.Joined.Meeting.Chat.Single().Reactions!;
        Assert.Equal(["👍 Eve, Bob", "🎉 Bob"], reactions.Select(reaction => $"{reaction.Emoji} {string.Join(", ", reaction.By.Select(by => by.Name))}"));
        Assert.Null(await WhyNotAsync(eve, sent.Id, "👍", false));
        Assert.Null(await WhyNotAsync(bob, sent.Id, "👍", false));
        Assert.Null(await WhyNotAsync(bob, sent.Id, "🎉", false));
        Assert.Null((await Guest.JoinAsync(_meeting, "Later")).Joined.Meeting.Chat.Single().Reactions);
    }

    [Fact]
    public async Task Of_a_message_there_are_so_many_and_of_one_person_fewer()
    {
        var (bob, eve) = await TwoAsync();
        var sent = await bob.SayAsync("well?");
        for (var i = 0; i < ChatRules.MostOwnReactions; i++) Assert.Null(await WhyNotAsync(bob, sent.Id, char.ConvertFromUtf32(0x1F600 + i), true));
        Assert.Equal(ErrorCodes.NotAllowed, await WhyNotAsync(bob, sent.Id, "🎉", true));
        Assert.Null(await WhyNotAsync(eve, sent.Id, "🎉", true));
        for (var i = 8; i < 15; i++) Assert.Null(await WhyNotAsync(eve, sent.Id, char.ConvertFromUtf32(0x1F600 + i), true));
        var dan = await Guest.JoinAsync(_meeting, "Dan");
        for (var i = 16; i < 20; i++) Assert.Null(await WhyNotAsync(dan, sent.Id, char.ConvertFromUtf32(0x1F600 + i), true));
        Assert.Equal(ErrorCodes.NotAllowed, await WhyNotAsync(dan, sent.Id, "👏", true));
        Assert.Null(await WhyNotAsync(dan, sent.Id, "🎉", true));
    }

    [Fact]
    public async Task What_is_no_emoji_or_no_message_or_not_allowed_is_refused()
    {
        var (bob, eve) = await TwoAsync();
        var sent = await bob.SayAsync("well?");
        Assert.Equal(ErrorCodes.RequestInvalid, await WhyNotAsync(eve, sent.Id, "<script>", true));
        Assert.Equal(ErrorCodes.MessageUnknown, await WhyNotAsync(eve, "nothing", "👍", true));
        Assert.Null(await WhyNotAsync(eve, sent.Id, "👍", true));
        var host = await Guest.JoinAsync(_meeting, "Ada", secret: _secret);
        await _meeting.ChangeSettingsAsync(host.Link, new SettingsChange(Rights.All with { Chat = false })).Soon();
        Assert.Equal(ErrorCodes.NotAllowed, await WhyNotAsync(eve, sent.Id, "🎉", true));
        Assert.Null(await WhyNotAsync(eve, sent.Id, "👍", false));
        await _meeting.DeleteChatAsync(bob.Link, sent.Id).Soon();
        Assert.Equal(ErrorCodes.MessageUnknown, await WhyNotAsync(host, sent.Id, "👍", true));
    }

    [Fact]
    public async Task A_sign_is_told_to_all_and_not_kept_and_only_these_six_are_signs()
    {
        var (bob, eve) = await TwoAsync();
        foreach (var sign in Emoji.Signs)
        {
            Assert.True((await _meeting.ReactAsync(bob.Link, sign).Soon()).Value);
            Assert.Equal(new Reacted(bob.Id, sign), await eve.Link.NextAsync<Reacted>(MeetingEvents.Reacted));
            Assert.Equal(new Reacted(bob.Id, sign), await bob.Link.NextAsync<Reacted>(MeetingEvents.Reacted));
        }

        foreach (var other in new[] { null, "", "💩", "👍👍" })
            Assert.Equal(ErrorCodes.RequestInvalid, (await _meeting.ReactAsync(bob.Link, other).Soon()).Error?.Code);
        Assert.Empty(eve.Link.Unread());
        Assert.Empty((await Guest.JoinAsync(_meeting, "Late")).Joined.Meeting.Chat);
    }

    private string _secret = "";

    private static async Task<string?> WhyNotAsync(Guest by, string? id, string? emoji, bool on) =>
        (await by.Meeting.ReactToChatAsync(by.Link, new ReactToChat(id, emoji, on)).Soon()).Error?.Code;

    private async Task<(Guest Bob, Guest Eve)> TwoAsync()
    {
        await _server.StartAsync();
        (_meeting, _secret) = await _server.CreateAsync();
        var guests = (await Guest.JoinAsync(_meeting, "Bob"), await Guest.JoinAsync(_meeting, "Eve"));
        guests.Item1.Link.Drain();
        return guests;
    }
}
