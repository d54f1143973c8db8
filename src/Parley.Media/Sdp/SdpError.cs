namespace Parley.Media.Sdp;

/// <summary>
/// What is wrong with a description, in words a developer of a client understands. It never quotes the description, so it
/// is safe to log and to send back.
/// </summary>
/// <param name="Line">The line it is about, from 1; 0 when it is about the whole description.</param>
/// <param name="Message">One sentence.</param>
public sealed record SdpError(int Line, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => Line == 0 ? Message : $"Line {Line}: {Message}";
}
