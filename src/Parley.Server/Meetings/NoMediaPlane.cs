namespace Parley.Server.Meetings;

/// <summary>A server without media: people meet and write. Every offer is refused as mediaUnavailable.</summary>
internal sealed class NoMediaPlane : IMediaPlane
{
    public IMeetingMedia Open(string meetingId, IMeetingMediaEvents events) =>
        throw new InvalidOperationException("This server was started without a media plane.");
}
