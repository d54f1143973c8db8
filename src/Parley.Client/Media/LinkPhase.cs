namespace Parley.Client.Media;

/// <summary>How far one end is with a link (protocol.md §6).</summary>
internal enum LinkPhase
{
    /// <summary>Sent on both ways; each stream is taken from the link as soon as it is there.</summary>
    Opening,

    /// <summary>All that the other end sends comes over the link.</summary>
    Ready,

    /// <summary>Back to the server: sent on both ways; each stream is taken from the server as soon as it is there.</summary>
    Returning,

    /// <summary>All is the server's again; the link waits for its end.</summary>
    Released,

    /// <summary>It did not connect, or broke: all is the server's, at once.</summary>
    Broken,
}
