using System.Runtime.InteropServices;

namespace Parley.Media.Rtp;

/// <summary>
/// The memory of packet caches, in pages of <see cref="PageSize"/> bytes that the caches of one thread share. It is not the collector's:
/// packets live for some seconds, and moving them between generations would stop everybody's media. Not thread-safe.
/// </summary>
public sealed unsafe class PacketPages
{
    /// <summary>Bytes of a page.</summary>
    public const int PageSize = 8_192;

    /// <summary>A page that comes back is kept while no more of them lie here than are in use, and so many.</summary>
    private const int Spare = 32;

    private const int CacheLine = 64;

    /// <summary>The unused page that came last; each begins with the address of the one before.</summary>
    private byte* _last;

    /// <summary>Frees what lies here; pages in use are their caches'.</summary>
    ~PacketPages()
    {
        while (Unused > 0) Free(Pop());
    }

    /// <summary>Pages that caches hold.</summary>
    public int InUse { get; private set; }

    /// <summary>Pages that wait to be used again.</summary>
    public int Unused { get; private set; }

    /// <summary>A page with anything in it.</summary>
    internal byte* Take()
    {
        InUse++;
        return Unused > 0 ? Pop() : (byte*)NativeMemory.AlignedAlloc(PageSize, CacheLine);
    }

    /// <summary>A page that <see cref="Take"/> gave and nobody reads any more.</summary>
    internal void Return(byte* page)
    {
        InUse--;
        if (Unused >= InUse + Spare)
        {
            Free(page);
            return;
        }

        *(byte**)page = _last;
        _last = page;
        Unused++;
    }

    /// <summary>Frees a page whose <see cref="PacketPages"/> may be gone already.</summary>
    internal static void Free(byte* page) => NativeMemory.AlignedFree(page);

    private byte* Pop()
    {
        var page = _last;
        _last = *(byte**)page;
        Unused--;
        return page;
    }
}
