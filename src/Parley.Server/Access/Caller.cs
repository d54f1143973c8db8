using Parley.Protocol;
using Parley.Server.Meetings;
using Parley.Server.Signalling;

namespace Parley.Server.Access;

/// <summary>Who asks over REST, when it is the admin or a program with an API key.</summary>
/// <param name="Id">Tells them apart.</param>
/// <param name="Name">As it stands in the record of what they do.</param>
/// <param name="Scopes">What they may do.</param>
/// <param name="Rate">How often: theirs, instead of their address's.</param>
/// <param name="Chat">How often they write in meetings: as people do.</param>
internal sealed record Caller(string Id, string Name, Scopes Scopes, TokenBucket Rate, TokenBucket Chat);

internal static class CallerOfRequest
{
    /// <summary>Null for everybody else.</summary>
    public static Caller? Caller(this HttpContext http) => http.Features.Get<Caller>();

    public static bool Has(this HttpContext http, Scopes scope) => http.Caller() is { } caller && (caller.Scopes & scope) == scope;

    /// <summary>Counts this request for who asks: for the caller when known, else for their address.</summary>
    /// <param name="ofAddresses">The limit of strangers for this kind of request.</param>
    /// <param name="what">What there was too much of, like "look-ups".</param>
    /// <returns>Why it is too much, or null.</returns>
    public static ProtocolError? WhyTooMuch(this HttpContext http, AddressRates ofAddresses, string what)
    {
        var rate = http.Caller()?.Rate ?? ofAddresses.For(http.Connection.RemoteIpAddress);
        return rate.TryTake(out var wait) ? null : Refusal.RateLimited(what, wait);
    }
}
