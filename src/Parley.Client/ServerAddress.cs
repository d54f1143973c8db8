using System.Globalization;
using System.Net;

namespace Parley.Client;

/// <summary>Reads the addresses that people type: a scheme may be missing, and nothing but http and https is taken.</summary>
internal static class ServerAddress
{
    private const int Longest = 2048;

    /// <summary>What was pasted, without spaces and invisible characters around it.</summary>
    public static string Trim(string text)
    {
        var (start, end) = (0, text.Length);
        while (start < end && IsInvisible(text[start])) start++;
        while (end > start && IsInvisible(text[end - 1])) end--;
        return text[start..end];
    }

    /// <summary>The address as a URI with its path, query and fragment.</summary>
    /// <exception cref="ParleyException">Invalid: it is no address.</exception>
    public static Uri Read(string text)
    {
        if (text.Length > Longest) throw Invalid("This address is too long to be one.");
        foreach (var c in text)
        {
            // Uri.TryCreate throws on some texts with bidirectional controls in them.
            if (!ServerText.IsPlain(c) || char.IsWhiteSpace(c)) throw Invalid("An address has no spaces or invisible characters in it.");
        }

        var hasScheme = text.Contains("://", StringComparison.Ordinal);
        if (!Uri.TryCreate(hasScheme ? text : "https://" + text, UriKind.Absolute, out var uri))
            throw Invalid($"\"{ServerText.Quote(text)}\" is no address: one looks like https://meet.example.org.");
        Check(uri);
        return hasScheme || !IsLoopback(uri) ? uri : new UriBuilder(uri) { Scheme = Uri.UriSchemeHttp, Port = PortOf(text, uri) }.Uri;
    }

    /// <summary>Scheme, host and port alone, in the form in which two equal addresses are the same.</summary>
    public static Uri OriginOf(Uri uri)
    {
        try
        {
            return new UriBuilder(uri.Scheme, uri.IdnHost, uri.IsDefaultPort ? -1 : uri.Port).Uri;
        }
        catch (Exception e) when (e is UriFormatException or ArgumentException)
        {
            throw Invalid($"\"{ServerText.Quote(uri.Host)}\" is no name of a host.");
        }
    }

    /// <exception cref="ParleyException">Invalid: another scheme, a user name, no host or port 0.</exception>
    public static void Check(Uri uri)
    {
        if (!uri.IsAbsoluteUri) throw Invalid("The address of a server begins with https:// or http://.");
        if (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps)
            throw Invalid($"An address begins with https:// or http://, not with {ServerText.Quote(uri.Scheme)}:.");
        if (uri.UserInfo.Length > 0) throw Invalid("An address with a user name or password in it is not taken: leave out what stands before the @.");
        if (uri.Host.Length == 0) throw Invalid("This address names no host.");
        if (uri.Port is < 1 or > 65535) throw Invalid("The port of an address is 1 to 65535.");
    }

    public static ParleyException Invalid(string message) => new(ParleyError.Invalid, message);

    private static bool IsInvisible(char c) => char.IsWhiteSpace(c) || char.GetUnicodeCategory(c) == UnicodeCategory.Format;

    private static bool IsLoopback(Uri uri) =>
        uri.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || uri.Host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(uri.Host, out var address) && IPAddress.IsLoopback(address));

    /// <summary>Read as https, a port left out reads as 443; a 443 that was written stays.</summary>
    private static int PortOf(string text, Uri uri) =>
        !uri.IsDefaultPort || text.AsSpan().StartsWith($"{uri.Host}:443", StringComparison.OrdinalIgnoreCase) ? uri.Port : -1;
}
