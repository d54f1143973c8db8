namespace Parley.Server.Access;

/// <summary>What a program, or an admin, may do over REST. Each is needed by itself: who may write may not read by that.</summary>
[Flags]
internal enum Scopes
{
    None = 0,
    MeetingsRead = 1,
    MeetingsWrite = 2,
    RecordsRead = 4,
    RecordsWrite = 8,

    /// <summary>To write in the chat of a meeting.</summary>
    ChatWrite = 32,

    /// <summary>Everything, the server itself included.</summary>
    Admin = Server | MeetingsRead | MeetingsWrite | RecordsRead | RecordsWrite | ChatWrite,

    /// <summary>What only <see cref="Admin"/> has.</summary>
    Server = 16,
}

/// <summary>Scopes by the names that they have on the wire.</summary>
internal static class ScopeNames
{
    private static readonly (Scopes Scope, string Name)[] s_names =
    [
        (Scopes.MeetingsRead, "meetings:read"), (Scopes.MeetingsWrite, "meetings:write"),
        (Scopes.RecordsRead, "records:read"), (Scopes.RecordsWrite, "records:write"),
        (Scopes.ChatWrite, "chat:write"), (Scopes.Admin, "admin"),
    ];

    public static string All { get; } = string.Join(", ", s_names.Select(scope => scope.Name));

    public static string Of(Scopes scope) => Array.Find(s_names, known => known.Scope == scope).Name;

    /// <summary>Those that make up <paramref name="scopes"/>: "admin" alone when it is all.</summary>
    public static IReadOnlyList<string> Split(Scopes scopes) => scopes == Scopes.Admin
        ? [Of(Scopes.Admin)]
        : [.. s_names.Where(known => known.Scope != Scopes.Admin && (scopes & known.Scope) != 0).Select(known => known.Name)];

    /// <summary>Of a key that may be older than some scopes: an admin's has them all.</summary>
    public static Scopes OfKept(int scopes) => ((Scopes)scopes & Scopes.Server) != 0 ? Scopes.Admin : (Scopes)scopes & Scopes.Admin;

    /// <returns>Null when there is none, or one that is not known.</returns>
    public static Scopes? Join(IReadOnlyList<string?>? names)
    {
        var all = Scopes.None;
        foreach (var name in names ?? [])
        {
            if (Array.Find(s_names, known => known.Name == name) is not { Name: not null } known) return null;
            all |= known.Scope;
        }

        return all == Scopes.None ? null : all;
    }
}
