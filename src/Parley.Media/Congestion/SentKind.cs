namespace Parley.Media.Congestion;

/// <summary>What a packet was sent for.</summary>
public enum SentKind : byte
{
    /// <summary>Audio or video for the first time.</summary>
    Media,

    /// <summary>A packet that was asked for again.</summary>
    Retransmission,

    /// <summary>Bytes of no use to the receiver, sent to find out what the path bears.</summary>
    Padding,
}
