using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Parley.Media.Srtp;

/// <summary>
/// Which of the last <see cref="Length"/> packet indexes of one source have arrived (RFC 3711 §3.3.2). The RFC asks for 64
/// at least; a NACK's retransmission may come a second late, which is several hundred packets of video.
/// </summary>
internal sealed class ReplayWindow
{
    /// <summary>How many indexes back an unseen packet is still accepted.</summary>
    public const int Length = 1024;

    private const int WordBits = 64;

    /// <summary>One more than the window fills, because its front and its end may both lie inside a word.</summary>
    private const int Words = (Length / WordBits) + 1;

    private Bits _seen;

    /// <summary>The highest index committed, −1 before the first.</summary>
    public long Highest { get; private set; } = -1;

    /// <summary>Whether a packet of this index may be accepted, before its tag is checked.</summary>
    public ReplayVerdict Check(long index)
    {
        if (index > Highest)
        {
            return ReplayVerdict.Fresh;
        }

        if (index <= Highest - Length || index < 0)
        {
            return ReplayVerdict.TooOld;
        }

        return (_seen[Word(index)] & Bit(index)) == 0 ? ReplayVerdict.Fresh : ReplayVerdict.Replayed;
    }

    /// <summary>Marks an index that <see cref="Check"/> found fresh and whose packet was authentic.</summary>
    public void Commit(long index)
    {
        Debug.Assert(Check(index) == ReplayVerdict.Fresh, "commit what was checked");
        if (index > Highest)
        {
            Slide(index);
        }

        _seen[Word(index)] |= Bit(index);
    }

    /// <summary>The window is a ring over the index: moving its front clears the words the front enters.</summary>
    private void Slide(long index)
    {
        // `>>` and not `/`: −1 lies in the word before the first.
        var from = Highest >> 6;
        var to = index >> 6;
        if (to - from >= Words)
        {
            _seen = default;
        }
        else
        {
            for (var word = from + 1; word <= to; word++)
            {
                _seen[(int)(word % Words)] = 0;
            }
        }

        Highest = index;
    }

    private static int Word(long index) => (int)((index >> 6) % Words);

    private static ulong Bit(long index) => 1UL << (int)(index % WordBits);

    [InlineArray(Words)]
    private struct Bits
    {
        private ulong _first;
    }
}

/// <summary>What <see cref="ReplayWindow.Check"/> found.</summary>
internal enum ReplayVerdict
{
    /// <summary>Not seen yet.</summary>
    Fresh,

    /// <summary>Seen already.</summary>
    Replayed,

    /// <summary>Before the window: whether it was seen is not known any more.</summary>
    TooOld,
}
