using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Parley.Protocol;
using Parley.Server.Meetings;
using Parley.Server.Records;

namespace Parley.Server.Access;

/// <summary>
/// Join tokens: JWTs (RFC 7519) signed with HMAC-SHA256 (RFC 7518 §3.2) and nothing else, for one meeting and a short time. Whoever has the secret of the settings signs some
/// themselves.
/// </summary>
internal sealed class JoinTokens(IRecordTables tables, ParleyOptions options, TimeProvider time)
{
    public const string Audience = "parley";

    /// <summary>None lives longer, whoever has signed it.</summary>
    public static readonly TimeSpan LongestLife = TimeSpan.FromHours(24);

    private const string Row = "joinTokens", Meeting = "meeting", Name = "name", RoleClaim = "role", Knock = "knock", Subject = "sub", TokenId = "jti";

    /// <summary>Longer ones are not worth reading.</summary>
    private const int Longest = 4096;

    /// <summary>Of a subject.</summary>
    public const int LongestSubject = 200;

    /// <summary>What two clocks may differ by.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(30);

    private readonly JsonWebTokenHandler _handler = new() { SetDefaultTimesOnTokenCreation = false };
    private SymmetricSecurityKey _key = null!;

    public async Task LoadAsync()
    {
        var secret = options.JoinTokens.Secret.Length > 0 ? Encoding.UTF8.GetBytes(options.JoinTokens.Secret) : await tables.ReadSecretAsync(Row);
        if (secret is null)
        {
            secret = RandomNumberGenerator.GetBytes(32);
            await tables.WriteSecretAsync(Row, secret);
        }

        _key = new SymmetricSecurityKey(secret);
    }

    /// <param name="wanted">With a clean name, if any.</param>
    public string Sign(string meetingId, CreateJoinToken wanted, DateTimeOffset expiresAt)
    {
        var claims = new Dictionary<string, object>
        {
            [Meeting] = meetingId,
            [RoleClaim] = Wire(wanted.Role ?? Role.Participant),
            [TokenId] = Guid.NewGuid().ToString("N"),
        };
        if (wanted.Name is not null) claims[Name] = wanted.Name;
        if (wanted.Subject is not null) claims[Subject] = wanted.Subject;
        if (wanted.Knock) claims[Knock] = true;
        return _handler.CreateToken(new SecurityTokenDescriptor
        {
            Audience = Audience,
            Expires = expiresAt.UtcDateTime,
            IssuedAt = time.GetUtcNow().UtcDateTime,
            Claims = claims,
            SigningCredentials = new SigningCredentials(_key, SecurityAlgorithms.HmacSha256),
        });
    }

    /// <returns>What the token says, or why it lets nobody in.</returns>
    public async Task<Reply<JoinPass>> ReadAsync(string token)
    {
        if (token.Length > Longest) return Refusal.JoinTokenWrong.As<JoinPass>();
        var result = await _handler.ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidAlgorithms = [SecurityAlgorithms.HmacSha256],
            IssuerSigningKey = _key,
            ValidateIssuer = false,
            ValidAudience = Audience,
            LifetimeValidator = (notBefore, expires, _, _) => IsNow(notBefore, expires),
        });
        return result.IsValid && result.SecurityToken is JsonWebToken read && PassOf(read, token) is { } pass
            ? new Reply<JoinPass>(pass, null)
            : Refusal.JoinTokenWrong.As<JoinPass>();
    }

    private bool IsNow(DateTime? notBefore, DateTime? expires)
    {
        var now = time.GetUtcNow().UtcDateTime;
        return expires > now - Skew && expires <= now + LongestLife + Skew && (notBefore is null || notBefore <= now + Skew);
    }

    private JoinPass? PassOf(JsonWebToken token, string text)
    {
        if (MeetingId.Normalize(Claim(token, Meeting) as string) is not { } meeting) return null;
        if (Claim(token, RoleClaim) is var role && RoleOf(role) is not { } known) return null;
        var given = Claim(token, Name);
        var name = given is null ? null : Text.Line(given as string, options.Limits.NameLength);
        if (given is not null && name is null) return null;
        if (BearerOf(token, text) is not { } bearer) return null;
        return Claim(token, Knock) is var knock && knock is null or bool ? new JoinPass(meeting, name, known, knock is true, Secret.Hash(bearer)) : null;
    }

    /// <summary>By its subject, else by its id (RFC 7519 §4.1), else by itself: who is removed for good stays out, whichever of their tokens still lives.</summary>
    private static string? BearerOf(JsonWebToken token, string text) => (Claim(token, Subject), Claim(token, TokenId)) switch
    {
        (string { Length: > 0 and <= LongestSubject } subject, _) => $"{Subject} {subject}",
        (null, string { Length: > 0 } id) => $"{TokenId} {id}",
        (null, null) => text,
        _ => null,
    };

    private static object? Claim(JsonWebToken token, string name) => token.TryGetPayloadValue<object>(name, out var value) ? value : null;

    private static Role? RoleOf(object? claim) => claim switch
    {
        null => Role.Participant,
        string name => Enum.GetValues<Role>().Cast<Role?>().FirstOrDefault(role => Wire(role!.Value) == name),
        _ => null,
    };

    private static string Wire(Role role) => role switch
    {
        Role.Host => "host",
        Role.Listener => "listener",
        _ => "participant",
    };
}
