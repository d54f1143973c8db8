namespace Parley.Client;

/// <summary>Whose fault it was, which is what a caller decides by.</summary>
public enum ParleyError
{
    /// <summary>A link or an argument that cannot be right.</summary>
    Invalid,

    /// <summary>The server cannot be reached, or is none of ours.</summary>
    Unreachable,

    /// <summary>The server said no: <see cref="ParleyException.Code"/> tells why (docs/protocol.md §2).</summary>
    Refused,

    /// <summary>The connection was there, is gone, and did not come back in time.</summary>
    Lost,

    /// <summary>A codec library, a device or a file cannot be used.</summary>
    Media,
}

/// <summary>The one exception of this library; its message is a sentence for people that says what to do.</summary>
public sealed class ParleyException : Exception
{
    /// <summary>Makes one.</summary>
    /// <param name="error">Whose fault it was.</param>
    /// <param name="message">For people.</param>
    /// <param name="code">The server's code, when it refused.</param>
    /// <param name="inner">What lay under it.</param>
    public ParleyException(ParleyError error, string message, string? code = null, Exception? inner = null)
        : base(message, inner)
    {
        Error = error;
        Code = code;
    }

    /// <summary>Whose fault it was.</summary>
    public ParleyError Error { get; }

    /// <summary>The server's stable code (docs/protocol.md §2) when <see cref="Error"/> is <see cref="ParleyError.Refused"/>.</summary>
    public string? Code { get; }
}
