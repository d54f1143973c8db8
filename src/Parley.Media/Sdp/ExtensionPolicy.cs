using Parley.Media.Rtp;

namespace Parley.Media.Sdp;

/// <summary>A header extension we take.</summary>
/// <param name="Uri">One of <see cref="RtpExtensionUris"/>.</param>
public sealed record ExtensionPolicy(string Uri)
{
    /// <summary>Only on these lines; null for audio and video.</summary>
    public MediaKind? Kind { get; init; }

    /// <summary>Only on lines whose first codec is one of these; null for all.</summary>
    public IReadOnlyList<string>? FirstCodecs { get; init; }

    /// <summary>Whether we write it on packets we send. When not, it is left out of lines we only send on.</summary>
    public bool WeSend { get; init; } = true;
}
