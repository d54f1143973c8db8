using Parley.Protocol;

namespace Parley.Client.Media;

/// <summary>What a media connection does right now; the counts are since it was made.</summary>
public sealed record MediaStatistics
{
    /// <summary>Where it stands.</summary>
    public required MediaConnectionState State { get; init; }

    /// <summary>Whether it is the connection to the server, or the link to the one other participant.</summary>
    public MeetingMode Way { get; init; }

    /// <summary>Our end of the selected path, as a report has it; null without one.</summary>
    public PathEnd? Local { get; init; }

    /// <summary>The peer's end.</summary>
    public PathEnd? Remote { get; init; }

    /// <summary>Our end of the selected path: type, address and port; null without one.</summary>
    public string? LocalAddress { get; init; }

    /// <summary>The peer's end.</summary>
    public string? RemoteAddress { get; init; }

    /// <summary>Whether the path goes through a TURN server.</summary>
    public bool IsRelayed { get; init; }

    /// <summary>By the latest consent check (RFC 7675).</summary>
    public TimeSpan RoundTrip { get; init; }

    /// <summary>Media datagrams received.</summary>
    public long PacketsReceived { get; init; }

    /// <summary>Their bytes, UDP payload.</summary>
    public long BytesReceived { get; init; }

    /// <summary>Datagrams sent.</summary>
    public long PacketsSent { get; init; }

    /// <summary>Their bytes, UDP payload.</summary>
    public long BytesSent { get; init; }

    /// <summary>Packets that should have come and have not.</summary>
    public long PacketsLost { get; init; }

    /// <summary>Packets asked for again (RFC 4585 §6.2.1).</summary>
    public long Nacks { get; init; }

    /// <summary>Keyframes asked for (RFC 4585 §6.3.1).</summary>
    public long KeyframeRequests { get; init; }

    /// <summary>Frames of 20 ms decoded of the heard audio.</summary>
    public long AudioFrames { get; init; }

    /// <summary>Frames of the heard audio that had to be invented.</summary>
    public long AudioConcealed { get; init; }

    /// <summary>Whole pictures received.</summary>
    public long VideoFrames { get; init; }
}
