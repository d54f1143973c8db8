using System.Net;
using Parley.Protocol;
using Parley.Server.Tests.Access;
using Parley.Server.Tests.Signalling;

namespace Parley.Server.Tests.Api;

public sealed class ParticipantApiTests
{
    [Fact]
    public async Task A_program_runs_a_meeting_as_a_host_does_and_stands_in_the_record()
    {
        await using var server = await TestServer.StartAsync();
        var meeting = await server.CreateAsync();
        var key = (await server.KeyAsync("meetings:read", "meetings:write", "records:read")).Key;
        await using var ada = await TestClient.ConnectAsync(server);
        await using var bob = await TestClient.ConnectAsync(server);
        var host = (await ada.JoinAsync(meeting.Id, "Ada", secret: meeting.CreatorSecret)).Value!;
        var guest = (await bob.JoinAsync(meeting.Id, "Bob")).Value!;
        await bob.CallAsync<bool>("setMedia", new MediaState(true, true));
        var said = (await bob.SayAsync("hello")).Value!;
        var next = (await bob.SayAsync("again")).Value!;
        var (path, of) = ($"/api/meetings/{meeting.Id}", $"/api/meetings/{meeting.Id}/participants/{guest.ParticipantId}");

        var seen = await server.AskAsync<Participant[]>(HttpMethod.Get, path + "/participants", key);
        Assert.Equal(["Ada", "Bob"], seen.Select(one => one.Name));
        Assert.Equal([said, next], await server.AskAsync<ChatMessage[]>(HttpMethod.Get, path + "/chat", key));
        Assert.Equal([next], await server.AskAsync<ChatMessage[]>(HttpMethod.Get, $"{path}/chat?after={said.Id}", key));

        var change = new ParticipantChange("Bobby", SwitchOff: [MediaSource.Microphone], AskToUnmute: true);
        Assert.Equal(HttpStatusCode.NoContent, (await server.CallAsync(HttpMethod.Patch, of, key, change)).StatusCode);
        Assert.Equal(new SwitchedOff(MediaSource.Microphone, "A program"), await bob.UntilAsync<SwitchedOff>(MeetingEvents.SwitchedOff));
        Assert.Equal("A program", (await bob.UntilAsync<AskedToUnmute>(MeetingEvents.AskedToUnmute)).By);
        Assert.Equal(HttpStatusCode.NoContent, (await server.CallAsync(HttpMethod.Patch, of, key, new ParticipantChange(Role: Role.Listener))).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await server.CallAsync(HttpMethod.Patch, path, key, new SettingsChange(Locked: true))).StatusCode);
        Assert.True((await ada.UntilAsync<MeetingSettings>(MeetingEvents.SettingsChanged)).Locked);
        Assert.Equal(HttpStatusCode.NoContent, (await server.CallAsync(HttpMethod.Delete, of, key)).StatusCode);
        Assert.Equal(("A program", false), ((await bob.UntilAsync<Removed>(MeetingEvents.Removed)) is var removed ? (removed.By, removed.MayReturn) : default));
        await server.CallAsync(HttpMethod.Delete, of, key).RefusedAsync(HttpStatusCode.NotFound, ErrorCodes.ParticipantUnknown);
        await server.CallAsync(HttpMethod.Patch, $"{path}/participants/{host.ParticipantId}", key, new ParticipantChange(Role: Role.Listener))
            .RefusedAsync(HttpStatusCode.Forbidden, ErrorCodes.NotAllowed);

        var actions = (await server.AskAsync<MeetingRecord>(HttpMethod.Get, path + "/record", key)).Actions!;
        Assert.Equal(
            [HostActionKind.Renamed, HostActionKind.SwitchedOff, HostActionKind.AskedToUnmute, HostActionKind.RoleChanged, HostActionKind.Locked, HostActionKind.Barred],
            actions.Select(action => action.Action));
        Assert.All(actions, action => Assert.Equal((null, "A program"), (action.ById, action.By)));
    }

    [Fact]
    public async Task A_program_with_the_scope_writes_to_all_under_its_name_and_is_seen_to_be_one()
    {
        await using var server = await TestServer.StartAsync("Parley:Rates:Chat:Burst=4", "Parley:Rates:Chat:PerMinute=1");
        var meeting = await server.CreateAsync();
        var key = await server.KeyAsync("chat:write");
        await using var ada = await TestClient.ConnectAsync(server);
        await ada.JoinAsync(meeting.Id, "Ada", secret: meeting.CreatorSecret);
        var path = $"/api/meetings/{meeting.Id}/chat";

        var said = await SayAsync(new SendProgramChat(" Five minutes\r\nleft ", ClientId: "one"));
        Assert.Equal(("A program", "Five minutes\nleft", true, "key_" + key.ApiKey.Id), (said.Name, said.Text, said.Program, said.ParticipantId));
        Assert.Equal(said, await ada.UntilAsync<ChatMessage>(MeetingEvents.ChatAdded));
        Assert.Equal(said, await SayAsync(new SendProgramChat("again", ClientId: "one")));
        var named = await SayAsync(new SendProgramChat("Time is up", "Ada"));
        Assert.Equal(("Ada", true), (named.Name, named.Program));
        Assert.Equal(named, await ada.UntilAsync<ChatMessage>(MeetingEvents.ChatAdded));
        Assert.False((await ada.SayAsync("I am the real one")).Value!.Program);

        // It stays in the record, and a host deletes it as any other.
        Assert.True((await ada.CallAsync<bool>("deleteChat", said.Id)).Value);
        var record = await server.AskAsync<MeetingRecord>(HttpMethod.Get, $"/api/meetings/{meeting.Id}/record");
        Assert.Equal([("A program", "", true), ("Ada", "Time is up", true), ("Ada", "I am the real one", false)], record.Chat.Select(one => (one.Name, one.Text, one.Program)));
        await ada.CallAsync<bool>("cancel", meeting.CreatorSecret);
        await server.CallAsync(HttpMethod.Post, path, key.Key, new SendProgramChat("too late")).RefusedAsync(HttpStatusCode.Gone, ErrorCodes.MeetingEnded);
        await server.CallAsync(HttpMethod.Post, path, key.Key, new SendProgramChat("too often")).RefusedAsync(HttpStatusCode.TooManyRequests, ErrorCodes.RateLimited);

        Task<ChatMessage> SayAsync(SendProgramChat message) => server.AskAsync<ChatMessage>(HttpMethod.Post, path, key.Key, message);
    }

    [Fact]
    public async Task Nobody_without_the_scope_writes_as_a_program_and_a_program_has_the_limits_of_people()
    {
        await using var server = await TestServer.StartAsync("Parley:Limits:ChatLength=10", "Parley:Limits:NameLength=10");
        var meeting = await server.CreateAsync();
        await using var ada = await TestClient.ConnectAsync(server);
        var host = (await ada.JoinAsync(meeting.Id, "Ada", secret: meeting.CreatorSecret)).Value!;
        var path = $"/api/meetings/{meeting.Id}/chat";
        var other = (await server.KeyAsync("meetings:read", "meetings:write", "records:read", "records:write")).Key;
        await server.CallAsync(HttpMethod.Post, path, other, new SendProgramChat("hello")).RefusedAsync(HttpStatusCode.Forbidden, ErrorCodes.ScopeMissing);
        foreach (var secret in new[] { null, "guess", meeting.CreatorSecret, host.ResumeToken })
            await server.CallAsync(HttpMethod.Post, path, secret, new SendProgramChat("hello")).RefusedAsync(HttpStatusCode.Unauthorized, ErrorCodes.SignInNeeded);

        var key = (await server.KeyAsync("chat:write")).Key;
        foreach (var (wrong, code) in new[]
        {
            (new SendProgramChat(null), ErrorCodes.TextInvalid), (new SendProgramChat(" \u200b "), ErrorCodes.TextInvalid), (new SendProgramChat(new string('x', 11)), ErrorCodes.TextInvalid),
            (new SendProgramChat("hello", " "), ErrorCodes.NameInvalid), (new SendProgramChat("hello", new string('x', 11)), ErrorCodes.NameInvalid),
            (new SendProgramChat("hello", ClientId: ""), ErrorCodes.RequestInvalid), (new SendProgramChat("hello", ClientId: new string('x', 65)), ErrorCodes.RequestInvalid),
        })
            await server.CallAsync(HttpMethod.Post, path, key, wrong).RefusedAsync(HttpStatusCode.BadRequest, code);
        await server.CallAsync(HttpMethod.Post, "/api/meetings/no-such-abcde/chat", key, new SendProgramChat("hello")).RefusedAsync(HttpStatusCode.NotFound, ErrorCodes.MeetingUnknown);
        await ada.CallAsync<bool>("changeSettings", new SettingsChange(Rights.All with { Chat = false }));
        await server.CallAsync(HttpMethod.Post, path, key, new SendProgramChat("hello")).RefusedAsync(HttpStatusCode.Forbidden, ErrorCodes.NotAllowed);
        Assert.Empty((await server.AskAsync<MeetingRecord>(HttpMethod.Get, $"/api/meetings/{meeting.Id}/record")).Chat);
    }

    [Fact]
    public async Task Strangers_guests_and_keys_without_the_scope_do_nothing_of_it()
    {
        await using var server = await TestServer.StartAsync();
        var (meeting, other) = (await server.CreateAsync(), await server.CreateAsync());
        var key = (await server.KeyAsync("meetings:read")).Key;
        await using var client = await TestClient.ConnectAsync(server);
        var guest = (await client.JoinAsync(meeting.Id, "Bob")).Value!;
        var path = $"/api/meetings/{meeting.Id}";
        foreach (var secret in new[] { null, "guess", other.CreatorSecret, guest.ResumeToken, key })
        {
            await server.CallAsync(HttpMethod.Patch, path, secret, new SettingsChange(Locked: true)).RefusedAsync(HttpStatusCode.Forbidden, ErrorCodes.SecretWrong);
            await server.CallAsync(HttpMethod.Patch, $"{path}/participants/{guest.ParticipantId}", secret, new ParticipantChange("Eve")).RefusedAsync(HttpStatusCode.Forbidden, ErrorCodes.SecretWrong);
        }

        foreach (var secret in new[] { null, "guess", other.CreatorSecret })
            await server.CallAsync(HttpMethod.Get, path + "/participants", secret).RefusedAsync(HttpStatusCode.Forbidden, ErrorCodes.SecretWrong);
        foreach (var secret in new[] { meeting.CreatorSecret, guest.ResumeToken, key })
            Assert.Single(await server.AskAsync<Participant[]>(HttpMethod.Get, path + "/participants", secret));
        await server.CallAsync(HttpMethod.Patch, "/api/meetings/no-such-abcde", key, new SettingsChange()).RefusedAsync(HttpStatusCode.NotFound, ErrorCodes.MeetingUnknown);
    }
}
