namespace Parley.Media.Tests.Rtp;

/// <summary>Packets in tests, written as hex with blanks and line ends.</summary>
internal static class Hex
{
    internal static byte[] Bytes(string hex) => Convert.FromHexString(string.Concat(hex.Where(c => !char.IsWhiteSpace(c))));
}
