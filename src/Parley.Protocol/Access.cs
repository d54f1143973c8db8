namespace Parley.Protocol;

/// <summary>The body of POST /api/admin/session.</summary>
public sealed record SignIn(string? Password);

/// <summary>That one is signed in; the secret of it is in a cookie that pages cannot read.</summary>
/// <param name="EndsAt">Null for who came with a key.</param>
public sealed record SignedIn(DateTimeOffset? EndsAt);

/// <summary>The body of PUT /api/admin/password.</summary>
public sealed record ChangePassword(string? Current, string? Password);

/// <summary>The body of POST /api/admin/keys.</summary>
/// <param name="Name">Whose it is; stands in the record of what is done with it.</param>
/// <param name="Scopes">Of meetings:read, meetings:write, records:read, records:write and admin.</param>
/// <param name="ExpiresAt">Null for never.</param>
public sealed record CreateApiKey(string? Name, IReadOnlyList<string?>? Scopes, DateTimeOffset? ExpiresAt = null);

/// <summary>The answer: the key is said here once and never again.</summary>
public sealed record ApiKeyCreated(string Key, ApiKey ApiKey);

/// <summary>A key of a program; <see cref="Prefix"/> is how it begins, and <see cref="LastUsedAt"/> is known to the minute.</summary>
public sealed record ApiKey(
    string Id,
    string Name,
    string Prefix,
    IReadOnlyList<string> Scopes,
    DateTimeOffset CreatedAt,
    DateTimeOffset? ExpiresAt,
    DateTimeOffset? LastUsedAt);

/// <summary>Whose pages may show a meeting in a frame, by their origins.</summary>
public sealed record EmbeddingView(IReadOnlyList<string> Origins);

/// <summary>The body of POST /api/meetings/{id}/join-tokens.</summary>
/// <param name="Name">Under which they come; null for one of their own.</param>
/// <param name="Role">In which they begin; participant if it is not said.</param>
/// <param name="Knock">Where there is a lobby, they wait in it.</param>
/// <param name="Minutes">Within which they have to come, 1–1440; 10 if it is not said.</param>
/// <param name="Subject">Who it is for, by an id of the other site's; removed for good, they come in by no token of theirs.</param>
public sealed record CreateJoinToken(string? Name = null, Role? Role = null, bool Knock = false, int? Minutes = null, string? Subject = null);

/// <summary>The answer; <see cref="Link"/> is the address of the meeting's page with the token behind #, which browsers send to nobody.</summary>
public sealed record JoinTokenCreated(string Token, Uri Link, DateTimeOffset ExpiresAt);
