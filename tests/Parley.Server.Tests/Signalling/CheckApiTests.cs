using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Parley.Protocol;
using Parley.Server.Api;
using Parley.Server.Tests.Meetings;

namespace Parley.Server.Tests.Signalling;

public sealed class CheckApiTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_offer_is_answered_by_a_leg_of_no_meeting_that_ends_after_20_s()
    {
        var time = new FakeTimeProvider();
        await using var server = await TestServer.StartAsync(services => services.AddSingleton<TimeProvider>(time));
        var response = await OfferAsync(server, new CheckOffer("offer", CheckTransport.Udp));
        response.EnsureSuccessStatusCode();
        Assert.Equal("answer to offer", (await response.Content.ReadFromJsonAsync<SessionDescriptionMessage>(ProtocolJson.Options, Cancellation))!.Sdp);
        var media = Assert.Single(server.Media.Meetings).Value;
        Assert.Equal(new MediaState(false, false), Assert.Single(media.Media).Value);
        Assert.Empty((await server.Http.GetFromJsonAsync<MeetingSummary[]>("/api/meetings", ProtocolJson.Options, Cancellation))!);
        time.Advance(TimeSpan.FromSeconds(19));
        Assert.False(media.Closed);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(media.Closed);
    }

    [Fact]
    public async Task There_are_so_many_at_one_time_and_so_many_of_an_address()
    {
        var (time, plane) = (new FakeTimeProvider(), new FakeMediaPlane());
        using var legs = new CheckLegs(plane, time, Microsoft.Extensions.Logging.Abstractions.NullLogger<CheckLegs>.Instance);
        for (var i = 0; i < CheckLegs.Most; i++) Assert.Null((await legs.AnswerAsync(new CheckOffer("offer", CheckTransport.Tcp))).Error);
        Assert.Equal(ErrorCodes.ServerUnavailable, (await legs.AnswerAsync(new CheckOffer("offer", CheckTransport.Udp))).Error!.Code);
        time.Advance(TimeSpan.FromSeconds(20));
        Assert.All(plane.Meetings.Values, media => Assert.True(media.Closed));
        Assert.Null((await legs.AnswerAsync(new CheckOffer("offer", CheckTransport.Udp))).Error);

        await using var server = await TestServer.StartAsync();
        HttpStatusCode last = default;
        for (var i = 0; i < 16; i++) last = (await OfferAsync(server, new CheckOffer("offer", CheckTransport.Udp))).StatusCode;
        Assert.Equal(HttpStatusCode.TooManyRequests, last);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await server.Http.GetAsync("/api/check/servers", Cancellation)).StatusCode);
    }

    [Fact]
    public async Task What_cannot_be_answered_is_refused_and_costs_no_place()
    {
        await using var server = await TestServer.StartAsync();
        Assert.Equal(HttpStatusCode.BadRequest, (await OfferAsync(server, new CheckOffer("bad", CheckTransport.Udp))).StatusCode);
        Assert.True(Assert.Single(server.Media.Meetings).Value.Closed);
        Assert.Equal(HttpStatusCode.BadRequest, (await OfferAsync(server, new CheckOffer(null, CheckTransport.Udp))).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await OfferAsync(server, new CheckOffer(new string('x', 200_001), CheckTransport.Udp))).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await server.Http.PostAsJsonAsync("/api/check/offer", new { sdp = "offer", transport = "carrier pigeon" }, Cancellation)).StatusCode);
    }

    [Fact]
    public async Task Its_servers_are_told_with_credentials_of_nobody_else()
    {
        await using var server = await TestServer.StartAsync();
        Assert.NotNull(await server.Http.GetFromJsonAsync<IceServer[]>("/api/check/servers", ProtocolJson.Options, Cancellation));
    }

    [Fact]
    public void The_answer_keeps_the_candidates_of_one_transport()
    {
        const string Sdp = "v=0\r\na=candidate:1 1 udp 1 192.0.2.1 7000 typ host\r\na=candidate:2 1 TCP 1 192.0.2.1 7000 typ host tcptype passive\r\na=end-of-candidates\r\n";
        Assert.Equal("v=0\r\na=candidate:1 1 udp 1 192.0.2.1 7000 typ host\r\na=end-of-candidates\r\n", CheckLegs.Only(CheckTransport.Udp, Sdp));
        Assert.Equal("v=0\r\na=candidate:2 1 TCP 1 192.0.2.1 7000 typ host tcptype passive\r\na=end-of-candidates\r\n", CheckLegs.Only(CheckTransport.Tcp, Sdp));
    }

    private static Task<HttpResponseMessage> OfferAsync(TestServer server, CheckOffer offer) =>
        server.Http.PostAsJsonAsync("/api/check/offer", offer, ProtocolJson.Options, Cancellation);
}
