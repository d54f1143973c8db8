namespace Parley.Media.Forwarding;

/// <summary>What became of a number of a slot's stream: enough to write its packet from the source's cache, now or again.</summary>
/// <param name="SourceIndex">The packet's number in its encoding's stream.</param>
/// <param name="PictureIdOffset">What is added to its picture id.</param>
/// <param name="TransportSequence">The transport-wide number it was sent with.</param>
/// <param name="Run">Which of the runs it is of.</param>
/// <param name="Padding">Bytes of padding behind its payload.</param>
/// <param name="HighestTemporal">The highest temporal layer that went out when it got its number: what comes late for it may not be above.</param>
/// <param name="State">How far it has come.</param>
internal record struct SentPacket(
    long SourceIndex,
    ushort PictureIdOffset,
    ushort TransportSequence,
    byte Run,
    byte Padding,
    byte HighestTemporal,
    SentPacketState State);

/// <summary>How far a number has come.</summary>
internal enum SentPacketState : byte
{
    /// <summary>No packet has it.</summary>
    None,

    /// <summary>Kept for a packet that has not come, and may come late.</summary>
    Missing,

    /// <summary>Its packet is there and waits to be sent.</summary>
    Waiting,

    /// <summary>It was sent.</summary>
    Sent,
}
