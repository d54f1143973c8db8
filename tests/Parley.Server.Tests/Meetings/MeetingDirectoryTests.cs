using Parley.Protocol;
using Parley.Server.Meetings;

namespace Parley.Server.Tests.Meetings;

public sealed class MeetingDirectoryTests
{
    private readonly MeetingFixture _server = new();

    [Fact]
    public async Task Lists_open_meetings_newest_first()
    {
        await _server.StartAsync();
        await _server.CreateAsync("First");
        _server.Time.Advance(TimeSpan.FromSeconds(1));
        var (second, secret) = await _server.CreateAsync("Second");
        _server.Time.Advance(TimeSpan.FromSeconds(1));
        await _server.CreateAsync("Third");
        await second.CancelAsync(new Asker(secret));
        Assert.Equal(["Third", "First"], _server.Directory.List().Select(meeting => meeting.Title));
    }

    [Fact]
    public async Task Takes_so_many_meetings_and_one_more_when_one_has_ended()
    {
        _server.Options.Limits.Meetings = 3;
        await _server.StartAsync();
        var made = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ =>
            _server.Directory.CreateAsync(new CreateMeeting("x", "x"), TestContext.Current.CancellationToken)));
        Assert.Equal(3, made.Count(reply => reply.Value is not null));
        Assert.All(made.Where(reply => reply.Value is null), reply => Assert.Equal(ErrorCodes.ServerFull, reply.Error?.Code));
        var one = made.First(reply => reply.Value is not null).Value!;
        await (await _server.FindAsync(one.Id)).CancelAsync(new Asker(one.CreatorSecret));
        await _server.CreateAsync();
    }

    [Fact]
    public async Task Refuses_titles_and_names_that_cannot_be_shown()
    {
        await _server.StartAsync();
        Assert.Equal(ErrorCodes.TitleInvalid, await WhyNotAsync(new CreateMeeting(null, "Ada")));
        Assert.Equal(ErrorCodes.TitleInvalid, await WhyNotAsync(new CreateMeeting(new string('x', 121), "Ada")));
        Assert.Equal(ErrorCodes.NameInvalid, await WhyNotAsync(new CreateMeeting("x", "\u200B")));
        Assert.Equal(ErrorCodes.NameInvalid, await WhyNotAsync(new CreateMeeting("x", null)));
        Assert.Empty(_server.Directory.List());
    }

    [Fact]
    public async Task Tells_unknown_from_ended_also_from_the_records_and_a_crowd_costs_no_disk()
    {
        await _server.StartAsync();
        var (meeting, secret) = await _server.CreateAsync();
        Assert.Equal(meeting, await _server.FindAsync(meeting.Id.ToUpperInvariant()));
        await meeting.CancelAsync(new Asker(secret));
        foreach (var id in new[] { "no-such-abcde", "", null, "../../etc/passwd", "a'b", new string('a', 1000), "quiet-harbour-\u212A" })
            Assert.Equal(ErrorCodes.MeetingUnknown, (await _server.Directory.FindAsync(id, TestContext.Current.CancellationToken)).Error?.Code);

        var reads = _server.Records.Reads;
        for (var i = 0; i < 100; i++) Assert.Equal(ErrorCodes.MeetingEnded, await _server.WhyNotFoundAsync(meeting.Id));
        Assert.Equal(reads, _server.Records.Reads);
        await _server.StartAsync();
        var found = await _server.Directory.FindAsync(meeting.Id, TestContext.Current.CancellationToken);
        Assert.Equal(new ProtocolError(ErrorCodes.MeetingEnded, "This meeting was ended for everyone by Ada."), found.Error);
    }

    [Fact]
    public void Ids_read_well_and_stay_as_they_are_when_normalized()
    {
        var ids = Enumerable.Range(0, 1000).Select(_ => MeetingId.Create()).ToList();
        Assert.Equal(ids.Count, ids.Distinct().Count());
        Assert.All(ids, id =>
        {
            Assert.Matches("^[a-z]+-[a-z]+-[a-hj-km-np-tv-z2-9]{5}$", id);
            Assert.Equal(id, MeetingId.Normalize(id));
        });
        Assert.Equal(MeetingWords.Qualities.Length, MeetingWords.Qualities.Distinct().Count());
        Assert.Equal(MeetingWords.Places.Length, MeetingWords.Places.Distinct().Count());
    }

    [Fact]
    public void Secrets_are_long_unlike_and_known_by_their_hash_only()
    {
        var secret = Secret.Create();
        Assert.Equal(43, secret.Length);
        Assert.NotEqual(secret, Secret.Create());
        Assert.True(Secret.Matches(secret, Secret.Hash(secret)));
        Assert.False(Secret.Matches(secret + " ", Secret.Hash(secret)));
        Assert.False(Secret.Matches(null, Secret.Hash(secret)));
        Assert.False(Secret.Matches("", Secret.Hash("")));
    }

    private async Task<string?> WhyNotAsync(CreateMeeting request) =>
        (await _server.Directory.CreateAsync(request, TestContext.Current.CancellationToken)).Error?.Code;
}
