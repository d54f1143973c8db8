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

    /// <summary>Another media plane than that of the test.</summary>
    public IMediaPlane? Plane { get; init; }

    public ParleyOptions Options { get; } = new();

    public MeetingDirectory Directory { get; private set; } = null!;

    /// <summary>Starts the server's meetings; a second time, as after a kill -9, it finds what was recorded.</summary>
    public async Task<MeetingFixture> StartAsync()
    {
        var metrics = ActivatorUtilities.CreateInstance<ParleyMetrics>(_services);
        Directory = new MeetingDirectory(new MeetingContext(Options, Time, Records, Plane ?? Media, new FakeIceServers(), metrics, NullLogger<Meeting>.Instance));
        await Directory.StartAsync(TestContext.Current.CancellationToken);
        return this;
    }

    public async Task<(Meeting Meeting, string Secret)> CreateAsync(string title = "Weekly", CreateMeeting? plan = null)
    {
        var reply = await Directory.CreateAsync(plan ?? new CreateMeeting(title, "Ada"), TestContext.Current.CancellationToken).Soon();
        Assert.Null(reply.Error);
        return (await FindAsync(reply.Value!.Id), reply.Value.CreatorSecret);
    }

    public async Task<Meeting> FindAsync(string id)
    {
        var found = await Directory.FindAsync(id, TestContext.Current.CancellationToken);
        Assert.Null(found.Error);
        return found.Value!;
    }

    /// <summary>What hosts did in a meeting, as it is kept.</summary>
    public async Task<IEnumerable<HostActionKind>> ActionsAsync(string id) =>
        (await Records.ReadAccessAsync(id, TestContext.Current.CancellationToken))!.Actions.Select(action => action.Action);

    public async Task<string?> WhyNotFoundAsync(string id) =>
        (await Directory.FindAsync(id, TestContext.Current.CancellationToken)).Error?.Code;
}

/// <summary>A participant with their link.</summary>
internal sealed record Guest(Meeting Meeting, RecordingLink Link, Joined Joined)
{
    public string Id => Joined.ParticipantId;

    /// <summary>Oneself as the snapshot of the join has it.</summary>
    public Participant Self => Joined.Meeting.Participants.Single(participant => participant.Id == Id);

    public static async Task<Guest> JoinAsync(
        Meeting meeting,
        string name,
        MediaState? media = null,
        string? token = null,
        string? secret = null,
        bool peerToPeer = false,
        string? linkId = null,
        string? passcode = null,
        RecordingLink? over = null)
    {
        var link = over ?? new RecordingLink { HearsModes = peerToPeer };
        var request = new JoinRequest(meeting.Id, name, token, secret, media, new Abilities(peerToPeer), linkId, passcode);
        var reply = await meeting.JoinAsync(request, link, $"{name}.example").Soon();
        Assert.Null(reply.Error);
        return new Guest(meeting, link, reply.Value!);
    }

    /// <summary>Joins, and is not let in; the code says why.</summary>
    public static async Task<string?> WhyNotJoinedAsync(
        Meeting meeting, string? name, string? token = null, string? secret = null, string? passcode = null, RecordingLink? link = null) =>
        (await meeting.JoinAsync(
            new JoinRequest(meeting.Id, name, token, secret, null, Passcode: passcode), link ?? new RecordingLink()).Soon()).Error?.Code;

    public async Task<ChatMessage> SayAsync(string text, string? clientId = null, string? to = null)
    {
        var reply = await Meeting.SendChatAsync(Link, new SendChat(clientId ?? Guid.NewGuid().ToString("N"), text, to)).Soon();
        Assert.Null(reply.Error);
        return reply.Value!;
    }
}
