using Parley.Media.Rtp;

namespace Parley.Media.Forwarding;

/// <summary>A packet of an encoding that has come and is in its cache, on its way to the slots.</summary>
/// <param name="Index">Its number in the encoding's stream.</param>
/// <param name="Timestamp">Its RTP timestamp.</param>
/// <param name="PayloadLength">Bytes of payload.</param>
/// <param name="Padding">Bytes of padding that make it as long as the other packets of its frame, 0–32.</param>
/// <param name="Info">What its payload tells.</param>
internal readonly record struct PendingPacket(long Index, uint Timestamp, int PayloadLength, byte Padding, VideoPacketInfo Info);
