using System.Buffers.Binary;

namespace Parley.Scenarios.World;

/// <summary>What each packet of a test's picture tells of it, behind the VP8 payload header.</summary>
/// <param name="Owner">Whose picture.</param>
/// <param name="IsScreen">Of the screen, not the camera.</param>
/// <param name="Encoding">Which encoding, 0 the smallest.</param>
/// <param name="Frame">Its number.</param>
/// <param name="Reference">The number of the frame a decoder needs for it; its own for a keyframe.</param>
/// <param name="Temporal">Its temporal layer.</param>
/// <param name="Index">Which packet of the frame.</param>
/// <param name="Count">Of how many.</param>
internal readonly record struct FrameMark(
    int Owner, bool IsScreen, byte Encoding, long Frame, long Reference, byte Temporal, ushort Index, ushort Count)
{
    public const int Length = 4 + 1 + 1 + 8 + 8 + 1 + 2 + 2;

    public bool IsKeyframe => Reference == Frame;

    public static FrameMark Read(ReadOnlySpan<byte> source) => new(
        BinaryPrimitives.ReadInt32BigEndian(source),
        source[4] != 0,
        source[5],
        BinaryPrimitives.ReadInt64BigEndian(source[6..]),
        BinaryPrimitives.ReadInt64BigEndian(source[14..]),
        source[22],
        BinaryPrimitives.ReadUInt16BigEndian(source[23..]),
        BinaryPrimitives.ReadUInt16BigEndian(source[25..]));

    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteInt32BigEndian(destination, Owner);
        destination[4] = (byte)(IsScreen ? 1 : 0);
        destination[5] = Encoding;
        BinaryPrimitives.WriteInt64BigEndian(destination[6..], Frame);
        BinaryPrimitives.WriteInt64BigEndian(destination[14..], Reference);
        destination[22] = Temporal;
        BinaryPrimitives.WriteUInt16BigEndian(destination[23..], Index);
        BinaryPrimitives.WriteUInt16BigEndian(destination[25..], Count);
    }
}
