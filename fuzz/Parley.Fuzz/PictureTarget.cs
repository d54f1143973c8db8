using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Parley.Server.Files;
using static Parley.Fuzz.Promise;

namespace Parley.Fuzz;

public static partial class FuzzTargets
{
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "Each protocol registers its targets without touching a shared file.")]
    internal static void RegisterPicture() => All["picture"] = PictureTarget.Run;
}

internal static class PictureTarget
{
    private const int Decisive = 12;

    /// <summary>A file is one of four pictures or just bytes, and nothing behind its first bytes makes it another.</summary>
    internal static void Run(ReadOnlySpan<byte> input)
    {
        var type = PictureType.Of(input);
        Check(type is "image/png" or "image/jpeg" or "image/gif" or "image/webp" or PictureType.Unknown);
        if (input.Length > Decisive) Check(PictureType.Of(input[..Decisive]) == type);
    }
}
