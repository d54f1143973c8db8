using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Parley.Media.Rtp;
using static Parley.Fuzz.Promise;

namespace Parley.Fuzz;

public static partial class FuzzTargets
{
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "Each protocol registers its targets without touching a shared file.")]
    internal static void RegisterVp8() => All["vp8"] = Vp8Target.Run;
}

internal static class Vp8Target
{
    /// <summary>A descriptor that parses is patched and must parse to the same but for the patched fields.</summary>
    internal static void Run(ReadOnlySpan<byte> input)
    {
        if (!Vp8PayloadDescriptor.TryParse(input, out var descriptor))
        {
            return;
        }

        Check(descriptor.Length is >= 1 and <= Vp8PayloadDescriptor.MaxLength && descriptor.Length <= input.Length);
        var pictureId = (ushort)(descriptor.PictureId * 31 + 0x4AAA);
        var tl0PicIdx = (byte)(descriptor.Tl0PicIdx + 100);
        var patched = input.ToArray();
        Vp8PayloadDescriptor.Rewrite(patched, descriptor, pictureId, tl0PicIdx);

        Check(Vp8PayloadDescriptor.TryParse(patched, out var again));
        Check(again == descriptor with
        {
            PictureId = (ushort)(descriptor.HasPictureId ? pictureId & (descriptor.HasLongPictureId ? 0x7FFF : 0x7F) : 0),
            Tl0PicIdx = descriptor.HasTl0PicIdx ? tl0PicIdx : (byte)0,
        });
        Check(patched.AsSpan(descriptor.Length).SequenceEqual(input[descriptor.Length..]));
    }
}
