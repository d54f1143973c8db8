using System.Net;
using Microsoft.Extensions.Time.Testing;
using Parley.Protocol;
using Parley.Server.Signalling;

namespace Parley.Server.Tests.Signalling;

public sealed class RateTests
{
    private static readonly RateOptions ThreeAtOnceOnePerSecond = new() { Burst = 3, PerMinute = 60 };

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void A_bucket_gives_its_burst_then_its_rate_and_says_how_long_to_wait()
    {
        var bucket = new TokenBucket(ThreeAtOnceOnePerSecond, _time);
        for (var i = 0; i < 3; i++) Assert.True(bucket.TryTake(out _));
        Assert.False(bucket.TryTake(out var wait));
        Assert.Equal(1, wait.TotalSeconds, 3);
        _time.Advance(TimeSpan.FromSeconds(0.75));
        Assert.False(bucket.TryTake(out wait));
        Assert.Equal(0.25, wait.TotalSeconds, 3);
        _time.Advance(TimeSpan.FromSeconds(0.25));
        Assert.True(bucket.TryTake(out _));
        bucket.GiveBack();
        Assert.True(bucket.TryTake(out _));
        Assert.False(bucket.TryTake(out _));
        Assert.False(bucket.IsFull);
        _time.Advance(TimeSpan.FromHours(1));
        Assert.True(bucket.IsFull);
        for (var i = 0; i < 3; i++) Assert.True(bucket.TryTake(out _));
        Assert.False(bucket.TryTake(out _));
    }

    [Fact]
    public void Addresses_have_their_own_and_one_household_has_one()
    {
        var rates = new AddressRates(ThreeAtOnceOnePerSecond, _time);
        Assert.NotSame(rates.For(IPAddress.Parse("192.0.2.1")), rates.For(IPAddress.Parse("192.0.2.2")));
        Assert.Same(rates.For(IPAddress.Parse("192.0.2.1")), rates.For(IPAddress.Parse("::ffff:192.0.2.1")));
        Assert.Same(rates.For(IPAddress.Parse("2001:db8:0:1::1")), rates.For(IPAddress.Parse("2001:db8:0:1:ffff::2")));
        Assert.NotSame(rates.For(IPAddress.Parse("2001:db8:0:1::1")), rates.For(IPAddress.Parse("2001:db8:0:2::1")));
    }

    [Fact]
    public void The_table_of_addresses_is_bounded_and_forgets_the_calm_ones()
    {
        var rates = new AddressRates(ThreeAtOnceOnePerSecond, _time);
        for (var i = 0; i < 10_000; i++) rates.For(new IPAddress(i)).TryTake(out _);
        var shared = rates.For(IPAddress.Parse("192.0.2.1"));
        Assert.Same(shared, rates.For(IPAddress.Parse("192.0.2.2")));
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.NotSame(shared, rates.For(IPAddress.Parse("192.0.2.1")));
    }

    [Fact]
    public async Task A_thousand_joins_from_one_address_are_refused_and_the_next_meeting_does_not_notice()
    {
        await using var server = await TestServer.StartAsync();
        var crowded = await server.CreateAsync("Crowded");
        var calm = await server.CreateAsync("Calm");
        await using var ada = await TestClient.ConnectAsync(server);
        await using var bob = await TestClient.ConnectAsync(server);
        await ada.JoinAsync(calm.Id, "Ada");
        await bob.JoinAsync(calm.Id, "Bob");

        var attackers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => TestClient.ConnectAsync(server)));
        var attack = Task.WhenAll(attackers.Select(async attacker =>
        {
            var codes = new List<string?>();
            for (var i = 0; i < 50; i++)
            {
                var reply = await attacker.JoinAsync(crowded.Id, $"{i}");
                codes.Add(reply.Error?.Code);
                if (reply.Error?.Code == ErrorCodes.RateLimited) Assert.Matches("Try again in [0-9]+ seconds?\\.", reply.Error.Message);
                if (reply.Error is null) await attacker.CallAsync<bool>("leave");
            }

            return codes;
        }));
        for (var i = 0; i < 5; i++)
        {
            var said = await ada.SayAsync($"{i}");
            Assert.Equal(said.Value, await bob.UntilAsync<ChatMessage>(MeetingEvents.ChatAdded));
        }

        var answers = (await attack).SelectMany(codes => codes).ToList();
        Assert.Equal(1000, answers.Count);
        Assert.True(answers.Count(code => code == ErrorCodes.RateLimited) > 900);
        foreach (var attacker in attackers) await attacker.DisposeAsync();
    }

    [Fact]
    public async Task Each_kind_of_call_has_its_limit_and_a_resume_is_not_counted()
    {
        await using var server = await TestServer.StartAsync(
            "Parley:Rates:Chat:Burst=1", "Parley:Rates:Chat:PerMinute=1", "Parley:Rates:Offers:Burst=1", "Parley:Rates:Offers:PerMinute=1",
            "Parley:Rates:Media:Burst=1", "Parley:Rates:Media:PerMinute=1", "Parley:Rates:Views:Burst=1", "Parley:Rates:Views:PerMinute=1",
            "Parley:Rates:Joins:Burst=2", "Parley:Rates:Joins:PerMinute=1", "Parley:Rates:Cancels:Burst=1", "Parley:Rates:Cancels:PerMinute=1");
        var meeting = await server.CreateAsync();
        await using var client = await TestClient.ConnectAsync(server);
        var token = (await client.JoinAsync(meeting.Id, "Ada")).Value!.ResumeToken;
        for (var i = 0; i < 5; i++)
        {
            await using var again = await TestClient.ConnectAsync(server);
            Assert.True((await again.JoinAsync(meeting.Id, "Ada", token)).Value?.Resumed);
        }

        await using var bob = await TestClient.ConnectAsync(server);
        Assert.Null((await bob.JoinAsync(meeting.Id, "Bob")).Error);
        await using var eve = await TestClient.ConnectAsync(server);
        Assert.Equal(ErrorCodes.RateLimited, (await eve.JoinAsync(meeting.Id, "Eve")).Error?.Code);
        for (var i = 0; i < 2; i++)
        {
            var expected = i == 0 ? null : ErrorCodes.RateLimited;
            Assert.Equal(expected, (await bob.SayAsync("x")).Error?.Code);
            Assert.Equal(expected, (await bob.CallAsync<bool>("setMedia", new MediaState(true, true))).Error?.Code);
            Assert.Equal(expected, (await bob.CallAsync<SessionDescriptionMessage>("offer", new SessionDescriptionMessage("v=0"))).Error?.Code);
            Assert.Equal(expected, (await bob.CallAsync<bool>("setView", (object)Array.Empty<SlotView>())).Error?.Code);
            Assert.Equal(expected ?? ErrorCodes.SecretWrong, (await bob.CallAsync<bool>("cancel", "x")).Error?.Code);
        }
    }
}
