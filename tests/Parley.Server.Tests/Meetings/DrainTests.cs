using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Parley.Protocol;
using Parley.Server.Meetings;
using Parley.Server.Tests.Signalling;

namespace Parley.Server.Tests.Meetings;

public sealed class DrainTests
{
    [Fact]
    public async Task A_server_that_drains_takes_nobody_new_and_keeps_who_is_inside()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch);
        await using var server = await TestServer.StartAsync(
            services => services.AddSingleton<TimeProvider>(time), "Parley:Grace:DrainSeconds=10");
        var meeting = await server.CreateAsync();
        await using var ada = await TestClient.ConnectAsync(server);
        var joined = (await ada.JoinAsync(meeting.Id, "Ada")).Value!;

        var drained = server.Services.GetRequiredService<MeetingDirectory>().DrainAsync();

        var ready = await server.Http.GetAsync("/health/ready", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        await using var bob = await TestClient.ConnectAsync(server);
        Assert.Equal(Refusal.ServerStopping, (await bob.JoinAsync(meeting.Id, "Bob")).Error);
        var created = await Assert.ThrowsAsync<HttpRequestException>(() => server.CreateAsync());
        Assert.Equal(HttpStatusCode.ServiceUnavailable, created.StatusCode);
        Assert.Null((await ada.SayAsync("I go on")).Error);
        await using var back = await TestClient.ConnectAsync(server);
        Assert.True((await back.JoinAsync(meeting.Id, "Ada", joined.ResumeToken)).Value!.Resumed);

        time.Advance(TimeSpan.FromSeconds(9));
        Assert.False(drained.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(1));
        await drained.Soon();
    }
}
