namespace Parley.Terminal.Load;

/// <summary>What has been counted of media so far; the difference of two is what happened between.</summary>
internal readonly record struct LoadTotals
{
    /// <summary>Datagrams of RTP and RTCP that came.</summary>
    public long PacketsReceived { get; init; }

    /// <summary>Their bytes, UDP payload.</summary>
    public long BytesReceived { get; init; }

    /// <summary>Datagrams sent.</summary>
    public long PacketsSent { get; init; }

    /// <summary>Their bytes, UDP payload.</summary>
    public long BytesSent { get; init; }

    /// <summary>Video packets sent, those sent again not counted.</summary>
    public long VideoSent { get; init; }

    /// <summary>Video packets that came.</summary>
    public long VideoReceived { get; init; }

    /// <summary>Video packets that should have come, by the numbers of those that did.</summary>
    public long VideoExpected { get; init; }

    /// <summary>Video packets that came after later ones.</summary>
    public long VideoReordered { get; init; }

    /// <summary>Packets that came again.</summary>
    public long Duplicates { get; init; }

    /// <summary>Sound packets that came.</summary>
    public long AudioReceived { get; init; }

    /// <summary>Sound packets that are missing.</summary>
    public long AudioLost { get; init; }

    /// <summary>Packets that were nothing for us: of no stream we know, or not to be authenticated.</summary>
    public long Unusable { get; init; }

    /// <summary>Datagrams that the system refused to send.</summary>
    public long SendErrors { get; init; }

    public static LoadTotals operator +(LoadTotals a, LoadTotals b) => Combine(a, b, 1);

    public static LoadTotals operator -(LoadTotals a, LoadTotals b) => Combine(a, b, -1);

    private static LoadTotals Combine(LoadTotals a, LoadTotals b, int sign) => new()
    {
        PacketsReceived = a.PacketsReceived + (sign * b.PacketsReceived),
        BytesReceived = a.BytesReceived + (sign * b.BytesReceived),
        PacketsSent = a.PacketsSent + (sign * b.PacketsSent),
        BytesSent = a.BytesSent + (sign * b.BytesSent),
        VideoSent = a.VideoSent + (sign * b.VideoSent),
        VideoReceived = a.VideoReceived + (sign * b.VideoReceived),
        VideoExpected = a.VideoExpected + (sign * b.VideoExpected),
        VideoReordered = a.VideoReordered + (sign * b.VideoReordered),
        Duplicates = a.Duplicates + (sign * b.Duplicates),
        AudioReceived = a.AudioReceived + (sign * b.AudioReceived),
        AudioLost = a.AudioLost + (sign * b.AudioLost),
        Unusable = a.Unusable + (sign * b.Unusable),
        SendErrors = a.SendErrors + (sign * b.SendErrors),
    };
}
