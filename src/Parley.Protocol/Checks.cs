namespace Parley.Protocol;

/// <summary>Which way to the server is tried.</summary>
public enum CheckTransport
{
    Udp,
    Tcp,
}

/// <summary>The body of POST /api/check/offer: an SDP offer, and whose candidates the answer is to have.</summary>
public sealed record CheckOffer(string? Sdp, CheckTransport Transport);
