namespace Parley.Media.Tests.Rtp;

/// <summary>
/// Video packets as Chromium 156 sent them to itself (640×360; negotiated: mid 9, rid 10, dependency descriptor 13, video layers allocation 14),
/// one in a line, without SRTP. Payloads are cut after 40 bytes, but for aggregates of H.264.
/// </summary>
internal static class RtpCaptures
{
    public const byte Rid = 10;

    public const byte DependencyDescriptor = 13;

    public const byte VideoLayersAllocation = 14;

    public static IReadOnlyList<byte[]> Read(string name) =>
        [.. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Rtp", "captures", $"{name}.hex")).Select(Convert.FromHexString)];
}
