namespace Parley.Server.Files;

/// <summary>What a file is, by its first bytes and nothing else: a picture that browsers show, or just bytes. SVG is none: it can hold scripts.</summary>
internal static class PictureType
{
    public const string Unknown = "application/octet-stream";

    public static string Of(ReadOnlySpan<byte> start) =>
        start.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]) ? "image/png"
        : start.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]) ? "image/jpeg"
        : start.StartsWith("GIF87a"u8) || start.StartsWith("GIF89a"u8) ? "image/gif"
        : start.Length >= 12 && start.StartsWith("RIFF"u8) && start[8..].StartsWith("WEBP"u8) ? "image/webp"
        : Unknown;
}
