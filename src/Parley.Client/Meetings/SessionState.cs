namespace Parley.Client.Meetings;

/// <summary>How a session stands to its meeting.</summary>
public enum SessionState
{
    /// <summary>Inside, with a connection.</summary>
    Joined,

    /// <summary>The connection is lost; the session tries to come back by itself.</summary>
    Reconnecting,

    /// <summary>Over for good.</summary>
    Ended,
}
