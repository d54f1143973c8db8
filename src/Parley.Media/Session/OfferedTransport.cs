namespace Parley.Media.Session;

/// <summary>Which transport an offer asks for, seen from a connection that has answered before.</summary>
public enum OfferedTransport
{
    /// <summary>This one, as it is.</summary>
    Same,

    /// <summary>This one, with ICE restarted (RFC 8445 §9).</summary>
    Restarted,

    /// <summary>Another: of a page that was loaded again, or a second connection of the same program.</summary>
    Other,
}
