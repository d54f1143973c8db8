namespace Parley.Media.Congestion;

/// <summary>Who is served first when there is not enough for all, least important first.</summary>
public enum SlotImportance : byte
{
    /// <summary>One of many small tiles.</summary>
    Thumbnail,

    /// <summary>A tile like the others.</summary>
    Normal,

    /// <summary>Who speaks.</summary>
    Speaker,

    /// <summary>Whom the viewer pinned.</summary>
    Pinned,

    /// <summary>A shared screen: unreadable text is worth nothing.</summary>
    Screen,
}
