using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Parley.Protocol;
using Parley.Server.Meetings;

namespace Parley.Server.Tests.Meetings;

/// <summary>A directory of meetings on fake time, with records and media that the test looks into.</summary>
internal sealed class MeetingFixture
{
    public static readonly MediaState Off = new(false, false);
    public static readonly MediaState On = new(true, true);

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 3, 4, 5, 6, 7, TimeSpan.Zero));

    public InMemoryRecords Records { get; } = new();

    public FakeMediaPlane Media { get; } = new();

    public ParleyOptions Options { get; } = new();

    public MeetingDirectory Directory { get; private set; } = null!;

    /// <summary>Starts the server's meetings; a second time, as after a kill -9, it finds what was recorded.</summary>
    public async Task<MeetingFixture> StartAsync()
    {
        var metrics = ActivatorUtilities.CreateInstance<ParleyMetrics>(_services);
        Directory = new MeetingDirectory(new MeetingContext(Options, Time, Records, Media, new FakeIceServers(), metrics, NullLogger<Meeting>.Instance));
        await Directory.StartAsync(TestContext.Current.CancellationToken);
        return this;
    }

    public async Task<(Meeting Meeting, string Secret)> CreateAsync(string title = "Weekly")
    {
        var reply = await Directory.CreateAsync(new CreateMeeting(title, "Ada"), TestContext.Current.CancellationToken).Soon();
        Assert.Null(reply.Error);
        return (await FindAsync(reply.Value!.Id), reply.Value.CreatorSecret);
    }

    public async Task<Meeting> FindAsync(string id)
    {
        var found = await Directory.FindAsync(id, TestContext.Current.CancellationToken);
        Assert.Null(found.Error);
        return found.Value!;
    }

    public async Task<string?> WhyNotFoundAsync(string id) =>
        (await Directory.FindAsync(id, TestContext.Current.CancellationToken)).Error?.Code;
}

/// <summary>A participant with their link.</summary>
internal sealed record Guest(Meeting Meeting, RecordingLink Link, Joined Joined)
{
    public string Id => Joined.ParticipantId;

    public static async Task<Guest> JoinAsync(
        Meeting meeting,
        string name,
        MediaState? media = null,
        string? token = null,
        string? secret = null,
        bool peerToPeer = false,
        string? linkId = null)
    {
        var link = new RecordingLink { HearsModes = peerToPeer };
        var request = new JoinRequest(meeting.Id, name, token, secret, media, new Abilities(peerToPeer), linkId);
        var reply = await meeting.JoinAsync(request, link, $"{name}.example").Soon();
        Assert.Null(reply.Error);
        return new Guest(meeting, link, reply.Value!);
    }

    public async Task<ChatMessage> SayAsync(string text, string? clientId = null)
    {
        var reply = await Meeting.SendChatAsync(Link, new SendChat(clientId ?? Guid.NewGuid().ToString("N"), text)).Soon();
        Assert.Null(reply.Error);
        return reply.Value!;
    }
}
