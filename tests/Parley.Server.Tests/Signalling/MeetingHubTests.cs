using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using Parley.Protocol;
using Parley.Server.Records;
using Parley.Server.Tests.Meetings;
using Parley.Server.Tests.Records;

namespace Parley.Server.Tests.Signalling;

public sealed class MeetingHubTests
{
    [Theory]
    [InlineData(HttpTransportType.WebSockets)]
    [InlineData(HttpTransportType.LongPolling)]
    public async Task Three_people_meet_write_and_leave(HttpTransportType transport)
    {
        await using var server = await TestServer.StartAsync();
        var meeting = await server.CreateAsync();
        await using var ada = await TestClient.ConnectAsync(server, transport);
        await using var bob = await TestClient.ConnectAsync(server, transport);
        await using var eve = await TestClient.ConnectAsync(server, transport);

        var first = await ada.JoinAsync(meeting.Id, "Ada", secret: meeting.CreatorSecret);
        Assert.Equal(Role.Host, Assert.Single(first.Value!.Meeting.Participants).Role);
        var second = await bob.JoinAsync(meeting.Id, "Bob");
        Assert.Equal("Bob", (await ada.UntilAsync<Participant>(MeetingEvents.ParticipantJoined)).Name);
        var said = await bob.SayAsync("<i>hello</i>");
        Assert.Equal(said.Value, await ada.UntilAsync<ChatMessage>(MeetingEvents.ChatAdded));
        Assert.Equal(said.Value, await bob.UntilAsync<ChatMessage>(MeetingEvents.ChatAdded));
        var third = await eve.JoinAsync(meeting.Id, "Eve");
        Assert.Equal([said.Value!], third.Value!.Meeting.Chat);
        Assert.Equal(["Ada", "Bob", "Eve"], third.Value.Meeting.Participants.Select(participant => participant.Name));

        Assert.True((await bob.CallAsync<bool>("setMedia", new MediaState(true, false))).Value);
        Assert.True((await eve.UntilAsync<Participant>(MeetingEvents.ParticipantChanged)).Media.Mic);
        Assert.Equal("answer to v=0", (await bob.CallAsync<SessionDescriptionMessage>("offer", new SessionDescriptionMessage("v=0"))).Value?.Sdp);
        Assert.True((await bob.CallAsync<bool>("setView", (object)new[] { new SlotView("3", first.Value.ParticipantId, VideoSourceKind.Screen, 640, 360) })).Value);
        server.Media.Meetings[meeting.Id].Events.OnSlotShown(second.Value!.ParticipantId, "3", first.Value.ParticipantId, VideoSourceKind.Screen);
        Assert.Equal(VideoSourceKind.Screen, (await bob.UntilAsync<SlotShown>(MeetingEvents.SlotShown)).Source);
        server.Media.Meetings[meeting.Id].Events.OnSlotQuality(second.Value.ParticipantId, new SlotQuality("3", SlotLevel.Paused, SlotLimit.Bandwidth));
        Assert.Equal(new SlotQuality("3", SlotLevel.Paused, SlotLimit.Bandwidth), await bob.UntilAsync<SlotQuality>(MeetingEvents.SlotQuality));
        server.Media.Meetings[meeting.Id].Events.OnLayersWanted(first.Value.ParticipantId, new SendLayers(VideoSourceKind.Screen, 0));
        Assert.Equal(new SendLayers(VideoSourceKind.Screen, 0), await ada.UntilAsync<SendLayers>(MeetingEvents.SendLayers));

        Assert.True((await bob.CallAsync<bool>("leave")).Value);
        Assert.Equal(new ParticipantLeft(second.Value.ParticipantId, LeaveReason.Left), await ada.UntilAsync<ParticipantLeft>(MeetingEvents.ParticipantLeft));
        Assert.True((await ada.CallAsync<bool>("cancel", meeting.CreatorSecret)).Value);
        Assert.Equal("Ada", (await eve.UntilAsync<MeetingEnded>(MeetingEvents.MeetingEnded)).By);
        await eve.WhenClosed;
        await ada.WhenClosed;

        // Who left before is still connected, and may go elsewhere.
        Assert.Equal(ErrorCodes.MeetingEnded, (await bob.JoinAsync(meeting.Id, "Bob")).Error?.Code);
        Assert.Null((await bob.JoinAsync((await server.CreateAsync()).Id, "Bob")).Error);
    }

    [Fact]
    public async Task Calls_out_of_order_are_refused_each_with_its_code()
    {
        await using var server = await TestServer.StartAsync();
        var meeting = await server.CreateAsync();
        await using var client = await TestClient.ConnectAsync(server);
        Assert.Equal(ErrorCodes.NotJoined, (await client.SayAsync("x")).Error?.Code);
        Assert.Equal(ErrorCodes.NotJoined, (await client.CallAsync<bool>("leave")).Error?.Code);
        Assert.Equal(ErrorCodes.NotJoined, (await client.CallAsync<bool>("cancel", meeting.CreatorSecret)).Error?.Code);
        Assert.Equal(ErrorCodes.NotJoined, (await client.CallAsync<bool>("setMedia", new MediaState(true, true))).Error?.Code);
        Assert.Equal(ErrorCodes.NotJoined, (await client.CallAsync<bool>("setView", (object)Array.Empty<SlotView>())).Error?.Code);
        Assert.Equal(ErrorCodes.NotJoined, (await client.CallAsync<SessionDescriptionMessage>("offer", new SessionDescriptionMessage("v=0"))).Error?.Code);

        Assert.Equal(ErrorCodes.MeetingUnknown, (await client.JoinAsync("no-such-abcde", "Ada")).Error?.Code);
        Assert.Equal(ErrorCodes.RequestInvalid, (await client.JoinAsync(null, "Ada")).Error?.Code);
        Assert.Equal(ErrorCodes.RequestInvalid, (await client.CallAsync<Joined>("join", [null])).Error?.Code);
        Assert.Equal(ErrorCodes.NameInvalid, (await client.JoinAsync(meeting.Id, new string('x', 10_000))).Error?.Code);
        Assert.Equal(ErrorCodes.SecretWrong, (await client.JoinAsync(meeting.Id, "Ada", secret: "wrong")).Error?.Code);
        Assert.Null((await client.JoinAsync(meeting.Id, "Ada")).Error);
        Assert.Equal(ErrorCodes.AlreadyJoined, (await client.JoinAsync(meeting.Id, "Ada")).Error?.Code);

        Assert.Equal(ErrorCodes.SecretWrong, (await client.CallAsync<bool>("cancel", "wrong")).Error?.Code);
        Assert.Equal(ErrorCodes.NotAllowed, (await client.CallAsync<bool>("cancel", [null])).Error?.Code);
        Assert.Equal(ErrorCodes.TextInvalid, (await client.SayAsync(" \u0000 ")).Error?.Code);
        Assert.Equal(ErrorCodes.RequestInvalid, (await client.CallAsync<ChatMessage>("sendChat", [null])).Error?.Code);
        Assert.Equal(ErrorCodes.RequestInvalid, (await client.CallAsync<bool>("setMedia", [null])).Error?.Code);
        Assert.Equal(ErrorCodes.ViewInvalid, (await client.CallAsync<bool>("setView", [null])).Error?.Code);
        Assert.Equal(ErrorCodes.OfferInvalid, (await client.CallAsync<SessionDescriptionMessage>("offer", [null])).Error?.Code);
        Assert.Equal(ErrorCodes.OfferInvalid, (await client.CallAsync<SessionDescriptionMessage>("offer", new SessionDescriptionMessage("bad"))).Error?.Code);
        Assert.True((await client.CallAsync<bool>("leave")).Value);
        Assert.Equal(ErrorCodes.NotJoined, (await client.SayAsync("x")).Error?.Code);
    }

    [Fact]
    public async Task Rubbish_is_refused_and_the_connection_and_its_meeting_live_on()
    {
        await using var server = await TestServer.StartAsync();
        var meeting = await server.CreateAsync();
        using var wire = await WireClient.ConnectAsync(server);
        string[] rubbish =
        [
            "", "1", "\"x\"", "{},{}", """{"meetingId":{}}""", """{"meetingId":"x","name":7}""",
            """{"meetingId":"x","name":"a","media":{"mic":"yes"}}""", "[[[[[]]]]]",
        ];
        for (var i = 0; i < rubbish.Length; i++)
        {
            await wire.InvokeAsync($"r{i}", "join", rubbish[i]);
            Assert.True((await wire.ReplyAsync($"r{i}")).TryGetProperty("error", out _));
        }

        await wire.InvokeAsync("n", "noSuchMethod", "");
        Assert.True((await wire.ReplyAsync("n")).TryGetProperty("error", out _));
        await wire.InvokeAsync("j", "join", $$"""{"meetingId":"{{meeting.Id}}","name":"Ada","unknown":[1,2]}""");
        var joined = (await wire.ReplyAsync("j")).GetProperty("result").GetProperty("value");
        Assert.Equal("connected", joined.GetProperty("meeting").GetProperty("participants")[0].GetProperty("presence").GetString());
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", joined.GetProperty("meeting").GetProperty("startedAt").GetString());
    }

    [Fact]
    public async Task The_reply_of_a_join_comes_before_every_event_after_it()
    {
        await using var server = await TestServer.StartAsync("Parley:Rates:Chat:Burst=1000000", "Parley:Rates:Joins:Burst=1000");
        var meeting = await server.CreateAsync();
        await using var speaker = await TestClient.ConnectAsync(server);
        await speaker.JoinAsync(meeting.Id, "Speaker");
        using var enough = new CancellationTokenSource();
        var talking = Task.Run(async () =>
        {
            var said = 0;
            for (; !enough.IsCancellationRequested; said++) Assert.Null((await speaker.SayAsync($"{said}")).Error);
            return said;
        });

        for (var i = 0; i < 40; i++)
        {
            using var wire = await WireClient.ConnectAsync(server);
            await wire.InvokeAsync("j", "join", $$"""{"meetingId":"{{meeting.Id}}","name":"Guest {{i}}"}""");
            var reply = await wire.NextAsync();
            Assert.Equal(3, reply.GetProperty("type").GetInt32());
            var chat = reply.GetProperty("result").GetProperty("value").GetProperty("meeting").GetProperty("chat");
            var next = chat.GetArrayLength() == 0 ? 0 : Number(chat[chat.GetArrayLength() - 1]) + 1;
            for (var heard = 0; heard < 3;)
            {
                var message = await wire.NextAsync();
                if (message.GetProperty("target").GetString() != MeetingEvents.ChatAdded) continue;
                Assert.Equal(next + heard++, Number(message.GetProperty("arguments")[0]));
            }

            await wire.InvokeAsync("l", "leave", "");
            await wire.ReplyAsync("l");
        }

        await enough.CancelAsync();
        Assert.True(await talking > 100);
    }

    [Fact]
    public async Task Events_wait_however_long_the_reply_of_the_join_takes()
    {
        var late = new LateReplies(nameof(IMeetingHub.Join));
        await using var server = await TestServer.StartAsync(
            services => services.Configure<HubOptions>(options => options.AddFilter(late)));
        var meeting = await server.CreateAsync();
        await using var speaker = await TestClient.ConnectAsync(server);
        await speaker.JoinAsync(meeting.Id, "Speaker");
        late.Reply = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var wire = await WireClient.ConnectAsync(server);
        await wire.InvokeAsync("j", "join", $$"""{"meetingId":"{{meeting.Id}}","name":"Guest"}""");
        await speaker.UntilAsync<Participant>(MeetingEvents.ParticipantJoined);
        for (var i = 0; i < 10; i++) await speaker.SayAsync($"{i}");
        late.Reply.SetResult();

        Assert.Equal(3, (await wire.NextAsync()).GetProperty("type").GetInt32());
        Assert.Equal(MeetingEvents.ModeChanged, (await wire.NextAsync()).GetProperty("target").GetString());
        for (var i = 0; i < 10; i++) Assert.Equal(i, Number((await wire.NextAsync()).GetProperty("arguments")[0]));
    }

    [Fact]
    public async Task Who_cancels_gets_the_reply_before_the_connection_is_closed()
    {
        var late = new LateReplies(nameof(IMeetingHub.Cancel));
        await using var server = await TestServer.StartAsync(
            services => services.Configure<HubOptions>(options => options.AddFilter(late)));
        var meeting = await server.CreateAsync();
        await using var ada = await TestClient.ConnectAsync(server);
        await ada.JoinAsync(meeting.Id, "Ada");
        late.Reply = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var cancelling = ada.CallAsync<bool>("cancel", meeting.CreatorSecret);
        await ada.UntilAsync<MeetingEnded>(MeetingEvents.MeetingEnded);
        // Time for a close that comes too early: other requests on the same server come and go.
        for (var i = 0; i < 10; i++) await server.Http.GetAsync("/health/live", TestContext.Current.CancellationToken);
        late.Reply.SetResult();
        Assert.True((await cancelling).Value);
        await ada.WhenClosed;
    }

    [Fact]
    public async Task A_client_that_does_not_read_is_dropped_and_nobody_else_notices()
    {
        // Thousands of messages, one after the other: a disk would only take its time.
        await using var server = await TestServer.StartAsync(
            services => services.AddSingleton<IMeetingRecords>(new InMemoryRecords()), "Parley:Rates:Chat:Burst=1000000");
        var meeting = await server.CreateAsync();
        await using var speaker = await TestClient.ConnectAsync(server);
        await using var listener = await TestClient.ConnectAsync(server);
        await speaker.JoinAsync(meeting.Id, "Speaker");
        await listener.JoinAsync(meeting.Id, "Listener");
        using var slow = await WireClient.ConnectAsync(server);
        await slow.InvokeAsync("j", "join", $$"""{"meetingId":"{{meeting.Id}}","name":"Slow"}""");
        var id = (await slow.ReplyAsync("j")).GetProperty("result").GetProperty("value").GetProperty("participantId").GetString();

        var lost = listener.UntilAsync<Participant>(MeetingEvents.ParticipantChanged);
        var text = new string('x', 5000);
        for (var i = 0; i < 10_000 && !lost.IsCompleted; i++) Assert.Null((await speaker.SayAsync(text)).Error);

        var changed = await lost;
        Assert.Equal((id, Presence.Reconnecting), (changed.Id, changed.Presence));
    }

    [Fact]
    public async Task A_lost_connection_comes_back_to_its_place_and_an_old_one_is_superseded()
    {
        await using var server = await TestServer.StartAsync();
        var meeting = await server.CreateAsync();
        await using var ada = await TestClient.ConnectAsync(server);
        await ada.JoinAsync(meeting.Id, "Ada");
        var bob = await TestClient.ConnectAsync(server);
        var first = (await bob.JoinAsync(meeting.Id, "Bob")).Value!;
        await bob.DisposeAsync();
        Assert.Equal(Presence.Reconnecting, (await ada.UntilAsync<Participant>(MeetingEvents.ParticipantChanged)).Presence);

        await using var second = await TestClient.ConnectAsync(server);
        var back = (await second.JoinAsync(meeting.Id, "Bob", first.ResumeToken)).Value!;
        Assert.True(back.Resumed);
        Assert.Equal(first.ParticipantId, back.ParticipantId);
        Assert.Equal(Presence.Connected, (await ada.UntilAsync<Participant>(MeetingEvents.ParticipantChanged)).Presence);

        await using var third = await TestClient.ConnectAsync(server);
        Assert.True((await third.JoinAsync(meeting.Id, "Bob", first.ResumeToken)).Value!.Resumed);
        await second.UntilAsync<object>(MeetingEvents.Superseded);
        await second.WhenClosed;
        Assert.Null((await third.SayAsync("here")).Error);
    }

    [Fact]
    public async Task After_a_restart_people_come_back_to_their_places()
    {
        using var records = new TemporaryRecords();
        var first = await TestServer.StartAsync(records);
        var meeting = await first.CreateAsync();
        await using var ada = await TestClient.ConnectAsync(first);
        var joined = (await ada.JoinAsync(meeting.Id, "Ada", secret: meeting.CreatorSecret)).Value!;
        await ada.SayAsync("before");
        await first.StopAsync();
        await ada.WhenClosed;
        await first.DisposeAsync();

        await using var second = await TestServer.StartAsync(records);
        await using var again = await TestClient.ConnectAsync(second);
        var back = (await again.JoinAsync(meeting.Id, "Ada", joined.ResumeToken)).Value!;
        Assert.True(back.Resumed);
        Assert.Equal(joined.ParticipantId, back.ParticipantId);
        Assert.Equal("before", Assert.Single(back.Meeting.Chat).Text);
        Assert.True((await again.CallAsync<bool>("cancel", meeting.CreatorSecret)).Value);
    }

    [Fact]
    public async Task Signals_between_two_reach_nobody_else_and_a_megabyte_of_SDP_costs_only_who_sends_it()
    {
        await using var server = await TestServer.StartAsync();
        var meeting = await server.CreateAsync();
        await using var ada = await TestClient.ConnectAsync(server);
        await using var bob = await TestClient.ConnectAsync(server);
        await using var outsider = await TestClient.ConnectAsync(server);
        await ada.JoinAsync(meeting.Id, "Ada", peerToPeer: true);
        var bobs = (await bob.JoinAsync(meeting.Id, "Bob", peerToPeer: true)).Value!;
        var link = (await ada.UntilAsync<LinkStarted>(MeetingEvents.LinkStarted)).LinkId;
        var offer = new LinkSignal(link, new LinkDescription("offer", "v=0"));

        // Who is in no meeting, and who is in another, knows the id of the link and can do nothing with it.
        Assert.Equal(ErrorCodes.NotJoined, (await outsider.CallAsync<bool>("signalLink", offer)).Error?.Code);
        await outsider.JoinAsync((await server.CreateAsync()).Id, "Mallory", peerToPeer: true);
        Assert.Equal(ErrorCodes.LinkUnknown, (await outsider.CallAsync<bool>("signalLink", offer)).Error?.Code);
        Assert.Equal(ErrorCodes.LinkUnknown, (await outsider.CallAsync<bool>("reportLink", new LinkReport(link, LinkState.Failed))).Error?.Code);

        // Too long for a description, and too long for any message: the first is refused, the second ends the connection.
        var long1 = offer with { Description = new LinkDescription("offer", new string('x', 100_000)) };
        Assert.Equal(ErrorCodes.RequestInvalid, (await bob.CallAsync<bool>("signalLink", long1)).Error?.Code);
        var long2 = offer with { Description = new LinkDescription("offer", new string('x', 1_000_000)) };
        await Assert.ThrowsAnyAsync<Exception>(() => bob.CallAsync<bool>("signalLink", long2));
        await bob.WhenClosed;

        // Bob has his place, and nothing of it reached Ada.
        await using var again = await TestClient.ConnectAsync(server);
        var request = new JoinRequest(meeting.Id, "Bob", bobs.ResumeToken, null, null, new Abilities(true), link);
        Assert.True((await again.CallAsync<Joined>("join", request)).Value!.Resumed);
        Assert.True((await again.CallAsync<bool>("signalLink", new LinkSignal(link, Restart: true))).Value);
        var signal = await ada.UntilAsync<LinkSignal>(MeetingEvents.LinkSignal);
        Assert.Equal((true, null), (signal.Restart, signal.Description));
    }

    private static int Number(JsonElement message) => int.Parse(message.GetProperty("text").GetString()!, CultureInfo.InvariantCulture);

    /// <summary>Holds what one of the hub's methods returns on its way to the connection.</summary>
    private sealed class LateReplies(string method) : IHubFilter
    {
        public TaskCompletionSource? Reply { get; set; }

        public async ValueTask<object?> InvokeMethodAsync(HubInvocationContext context, Func<HubInvocationContext, ValueTask<object?>> next)
        {
            var result = await next(context);
            if (Reply is { } reply && context.HubMethodName == method) await reply.Task;
            return result;
        }
    }
}
