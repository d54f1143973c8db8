using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Parley.Protocol;
using Parley.Server.Tests.Records;
using Parley.Server.Tests.Signalling;

namespace Parley.Server.Tests.Access;

public sealed class AdminSessionTests
{
    private const string Session = "/api/admin/session", Keys = "/api/admin/keys";

    [Fact]
    public async Task The_admin_signs_in_by_the_password_and_out_again()
    {
        await using var server = await TestServer.StartAsync();
        await server.CallAsync(HttpMethod.Get, Session).RefusedAsync(HttpStatusCode.Unauthorized, ErrorCodes.SignInNeeded);
        foreach (var wrong in new[] { null, "", "a password of the test", new string('x', 100_000) })
            await server.CallAsync(HttpMethod.Post, Session, body: new SignIn(wrong)).RefusedAsync(HttpStatusCode.Forbidden, ErrorCodes.PasswordWrong);

        var cookie = await server.SignInAsync();
        Assert.Equal(HttpStatusCode.OK, (await server.CallAsync(HttpMethod.Get, Session, null, null, cookie)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await server.CallAsync(HttpMethod.Get, Keys, null, null, cookie)).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await server.CallAsync(HttpMethod.Delete, Session, null, null, cookie, server.OwnOrigin())).StatusCode);
        await server.CallAsync(HttpMethod.Get, Keys, null, null, cookie).RefusedAsync(HttpStatusCode.Unauthorized, ErrorCodes.SignInNeeded);
    }

    [Fact]
    public async Task The_cookie_is_kept_from_scripts_and_from_other_sites()
    {
        await using var server = await TestServer.StartAsync();
        var answer = await server.CallAsync(HttpMethod.Post, Session, body: new SignIn(TestServer.AdminPassword));
        var set = answer.Headers.GetValues("Set-Cookie").Single();
        Assert.Contains("; path=/api; samesite=strict; httponly", set, StringComparison.Ordinal);
        Assert.DoesNotContain("secure", set, StringComparison.Ordinal);

        await using var behindTls = await TestServer.StartAsync("Parley:Http:TrustedProxies:0=127.0.0.0/8");
        answer = await behindTls.CallAsync(HttpMethod.Post, Session, null, new SignIn(TestServer.AdminPassword), ("X-Forwarded-Proto", "https"));
        Assert.Contains("; secure; samesite=strict; httponly", answer.Headers.GetValues("Set-Cookie").Single(), StringComparison.Ordinal);
    }

    /// <summary>The browser sends the cookie for whoever makes it ask.</summary>
    [Fact]
    public async Task A_page_of_another_site_does_nothing_with_a_session()
    {
        await using var server = await TestServer.StartAsync("Parley:AllowedOrigins:0=https://friend.example");
        var cookie = await server.SignInAsync();
        var key = new CreateApiKey("Mine now", ["admin"]);
        foreach (var origin in new[] { "https://friend.example", "https://evil.example", "null", $"http://127.0.0.1:{server.Address.Port + 1}" })
        {
            await server.CallAsync(HttpMethod.Post, Keys, null, key, cookie, ("Origin", origin)).RefusedAsync(HttpStatusCode.Forbidden, ErrorCodes.OriginForbidden);
            await server.CallAsync(HttpMethod.Get, Keys, null, null, cookie, ("Origin", origin)).RefusedAsync(HttpStatusCode.Unauthorized, ErrorCodes.SignInNeeded);
        }

        await server.CallAsync(HttpMethod.Post, Keys, null, key, cookie).RefusedAsync(HttpStatusCode.Forbidden, ErrorCodes.OriginForbidden);
        Assert.Equal(HttpStatusCode.Created, (await server.CallAsync(HttpMethod.Post, Keys, null, key, cookie, server.OwnOrigin())).StatusCode);
    }

    [Fact]
    public async Task Passwords_from_one_address_are_tried_at_a_limited_rate_and_a_right_one_is_not_counted()
    {
        await using var server = await TestServer.StartAsync("Parley:Rates:SignIns:Burst=2", "Parley:Rates:SignIns:PerMinute=1");
        for (var i = 0; i < 5; i++) await server.SignInAsync();
        await server.CallAsync(HttpMethod.Post, Session, body: new SignIn("wrong")).RefusedAsync(HttpStatusCode.Forbidden, ErrorCodes.PasswordWrong);
        await server.CallAsync(HttpMethod.Post, Session, body: new SignIn("wrong")).RefusedAsync(HttpStatusCode.Forbidden, ErrorCodes.PasswordWrong);
        await server.CallAsync(HttpMethod.Post, Session, body: new SignIn(TestServer.AdminPassword)).RefusedAsync(HttpStatusCode.TooManyRequests, ErrorCodes.RateLimited);
    }

    [Fact]
    public async Task A_session_ends_after_its_time()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(57));
        await using var server = await TestServer.StartAsync(services => services.AddSingleton<TimeProvider>(time), "Parley:Admin:SessionMinutes=30");
        var cookie = await server.SignInAsync();
        time.Advance(TimeSpan.FromMinutes(29));
        Assert.Equal(HttpStatusCode.OK, (await server.CallAsync(HttpMethod.Get, Keys, null, null, cookie)).StatusCode);
        time.Advance(TimeSpan.FromMinutes(1));
        await server.CallAsync(HttpMethod.Get, Keys, null, null, cookie).RefusedAsync(HttpStatusCode.Unauthorized, ErrorCodes.SignInNeeded);
    }

    [Fact]
    public async Task The_first_start_makes_a_password_says_it_once_and_keeps_no_more_than_its_hash()
    {
        using var records = new TemporaryRecords();
        string password;
        await using (var first = await TestServer.StartAsync(records, "Parley:Admin:Password="))
        {
            password = first.Console.ToString().Split("  ")[1];
            Assert.Matches("^([a-z2-9]{5}-){4}[a-z2-9]{5}$", password);
            await first.SignInAsync(password);
            Assert.Equal(0L, records.Sql($"SELECT count(*) FROM \"ServerSecrets\" WHERE CAST(\"Value\" AS TEXT) LIKE '%{password}%'"));

            // And another one ends the sessions of who knew the old one.
            var (old, own) = (await first.SignInAsync(password), await first.SignInAsync(password));
            var change = (string current, string wanted) => first.CallAsync(HttpMethod.Put, "/api/admin/password", null, new ChangePassword(current, wanted), own, first.OwnOrigin());
            await change("wrong", "another password").RefusedAsync(HttpStatusCode.Forbidden, ErrorCodes.PasswordWrong);
            await change(password, "short").RefusedAsync(HttpStatusCode.BadRequest, ErrorCodes.PasswordInvalid);
            Assert.Equal(HttpStatusCode.NoContent, (await change(password, "another password")).StatusCode);
            Assert.Equal(HttpStatusCode.OK, (await first.CallAsync(HttpMethod.Get, Keys, null, null, own)).StatusCode);
            await first.CallAsync(HttpMethod.Get, Keys, null, null, old).RefusedAsync(HttpStatusCode.Unauthorized, ErrorCodes.SignInNeeded);
        }

        await using var second = await TestServer.StartAsync(records, "Parley:Admin:Password=");
        Assert.Empty(second.Console.ToString());
        await second.CallAsync(HttpMethod.Post, Session, body: new SignIn(password)).RefusedAsync(HttpStatusCode.Forbidden, ErrorCodes.PasswordWrong);
        await second.SignInAsync("another password");
    }

    [Fact]
    public async Task A_change_of_the_password_asks_for_the_old_one_so_often_keeps_to_its_length_and_is_logged_without_it()
    {
        var log = new LogLines();
        await using var server = await TestServer.StartAsync(
            services => services.AddSingleton<ILoggerProvider>(log), "Parley:Admin:Password=", "Parley:Rates:SignIns:Burst=2", "Parley:Rates:SignIns:PerMinute=1", "Logging:LogLevel:Default=Information");
        var password = server.Console.ToString().Split("  ")[1];
        var (own, other) = (await server.SignInAsync(password), await server.SignInAsync(password));
        var change = (string? current, string? wanted, (string Name, string Value) origin) => server.CallAsync(HttpMethod.Put, "/api/admin/password", null, new ChangePassword(current, wanted), own, origin);
        await change(password, "a new password", ("Origin", "https://evil.example")).RefusedAsync(HttpStatusCode.Forbidden, ErrorCodes.OriginForbidden);
        await server.CallAsync(HttpMethod.Put, "/api/admin/password", null, new ChangePassword(password, "a new password")).RefusedAsync(HttpStatusCode.Unauthorized, ErrorCodes.SignInNeeded);
        var key = (await server.KeyAsync(password, ["meetings:write", "records:write"])).Key;
        await server.CallAsync(HttpMethod.Put, "/api/admin/password", key, new ChangePassword(password, "a new password")).RefusedAsync(HttpStatusCode.Forbidden, ErrorCodes.ScopeMissing);
        foreach (var wanted in new[] { null, "", new string('x', 11), new string('x', 201) })
            await change(password, wanted, server.OwnOrigin()).RefusedAsync(HttpStatusCode.BadRequest, ErrorCodes.PasswordInvalid);
        Assert.Equal(HttpStatusCode.NoContent, (await change(password, new string('x', 12), server.OwnOrigin())).StatusCode);
        await server.CallAsync(HttpMethod.Get, Keys, null, null, other).RefusedAsync(HttpStatusCode.Unauthorized, ErrorCodes.SignInNeeded);
        foreach (var wrong in new[] { password, null })
            await change(wrong, "one more password", server.OwnOrigin()).RefusedAsync(HttpStatusCode.Forbidden, ErrorCodes.PasswordWrong);
        await change(new string('x', 12), "one more password", server.OwnOrigin()).RefusedAsync(HttpStatusCode.TooManyRequests, ErrorCodes.RateLimited);
        Assert.Single(log.All, line => line.Contains("password was changed by admin", StringComparison.Ordinal));
        Assert.DoesNotContain(log.All, line => line.Contains(password, StringComparison.Ordinal) || line.Contains("xxxxxxxxxxxx", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_password_of_the_settings_is_changed_in_the_settings()
    {
        await using var server = await TestServer.StartAsync();
        var cookie = await server.SignInAsync();
        await server.CallAsync(HttpMethod.Put, "/api/admin/password", null, new ChangePassword(TestServer.AdminPassword, "another password"), cookie, server.OwnOrigin())
            .RefusedAsync(HttpStatusCode.Forbidden, ErrorCodes.NotAllowed);
    }
}
