using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Parley.Media;

/// <summary>
/// Asks for memory that will be needed soon, so that the way to it is over by then. A picture goes to many receivers, whose state has not
/// been touched since the picture before it: without this each of their first accesses waits for memory, one after the other. Where the
/// processor has no such instruction this does nothing.
/// </summary>
internal static unsafe class CacheLines
{
    private const int Length = 64;

    /// <summary>Asks for the first lines of an object.</summary>
    /// <param name="target">Which; null for none.</param>
    /// <param name="lines">How many lines.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prefetch(object? target, int lines)
    {
        // If the object moves meanwhile, memory is asked for that is not of use.
        if (Sse.IsSupported && target is not null) Prefetch(*(void**)Unsafe.AsPointer(ref target), lines);
    }

    /// <summary>Asks for the line of a variable.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prefetch<T>(ref readonly T variable)
        where T : struct
    {
        if (Sse.IsSupported) Sse.Prefetch0(Unsafe.AsPointer(ref Unsafe.AsRef(in variable)));
    }

    /// <summary>Asks for lines at an address.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prefetch(void* address, int lines)
    {
        if (!Sse.IsSupported) return;
        for (var i = 0; i < lines; i++) Sse.Prefetch0((byte*)address + Length * i);
    }
}
