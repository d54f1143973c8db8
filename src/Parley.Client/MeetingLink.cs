namespace Parley.Client;

/// <summary>The link to a meeting, as it is passed from person to person: <c>https://HOST[:PORT]/m/ID</c>.</summary>
/// <param name="Server">Where the meeting is: scheme, host and port.</param>
/// <param name="MeetingId">The meeting's id, in lower case.</param>
public sealed record MeetingLink(Uri Server, string MeetingId)
{
    private const int LongestId = 48;

    /// <summary>
    /// Reads a link as people paste it: with or without scheme (https is assumed, http for this machine itself), query, fragment
    /// or a slash at its end; or the bare id when the server is known otherwise.
    /// </summary>
    /// <param name="text">What was pasted.</param>
    /// <param name="server">Where a bare id belongs to; a whole link does not need it and goes before it.</param>
    /// <exception cref="ParleyException"><see cref="ParleyError.Invalid"/>: it is no link; the message says why.</exception>
    public static MeetingLink Parse(string text, Uri? server = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        var link = ServerAddress.Trim(text).Trim('<', '>', '"', '\'');
        if (link.Length == 0) throw ServerAddress.Invalid("The link of a meeting is missing.");
        if (IsId(link))
        {
            if (server is null) throw ServerAddress.Invalid($"Where is meeting {link}? Give its whole link, or the address of its server.");
            ServerAddress.Check(server);
            return new MeetingLink(ServerAddress.OriginOf(server), Normal(link));
        }

        var uri = ServerAddress.Read(link);
        return new MeetingLink(ServerAddress.OriginOf(uri), IdOf(uri));
    }

    /// <summary>The link as one passes it on.</summary>
    public override string ToString() => new Uri(Server, "/m/" + MeetingId).AbsoluteUri;

    /// <summary>Whether a meeting could have this id: 1–48 ASCII letters, digits and hyphens.</summary>
    internal static bool IsId(string text)
    {
        if (text.Length is 0 or > LongestId) return false;
        foreach (var c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c != '-') return false;
        }

        return true;
    }

    /// <exception cref="ParleyException">Invalid.</exception>
    internal static string CheckId(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        var trimmed = ServerAddress.Trim(id);
        return IsId(trimmed) ? Normal(trimmed) : throw ServerAddress.Invalid($"\"{ServerText.Quote(id)}\" is no id of a meeting.");
    }

    private static string IdOf(Uri uri)
    {
        var path = uri.AbsolutePath.TrimEnd('/');
        if (path.StartsWith("/m/", StringComparison.OrdinalIgnoreCase) && IsId(path[3..])) return Normal(path[3..]);
        throw ServerAddress.Invalid(path.Length == 0
            ? "This is the address of a server, not of a meeting: a meeting's link ends in /m/ and its id."
            : $"\"{ServerText.Quote(path)}\" names no meeting: a meeting's link ends in /m/ and its id.");
    }

    private static string Normal(string id) => id.ToLowerInvariant();
}
