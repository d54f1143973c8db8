namespace Parley.Media.Sdp;

/// <summary>An m= line out of use (RFC 3264 §6): port 0, and at least one format.</summary>
internal static class RejectedLine
{
    /// <summary>RFC 8829 §5.1.2.</summary>
    public const string Protocol = "UDP/TLS/RTP/SAVPF";

    /// <summary>With the formats of the line as it was or as it was line.</summary>
    public static MediaDescription Of(MediaDescription line) => new()
    {
        Media = line.Media,
        Port = 0,
        Protocol = line.Protocol,
        Formats = line.Formats,
        Mid = line.Mid,
        Direction = MediaDirection.Inactive,
    };
}
