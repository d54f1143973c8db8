namespace Parley.Client.Video;

/// <summary>
/// A picture in planes: brightness, and two of colour at half its width and height, rounded up. BT.601, 16–235. A view of
/// memory that belongs to someone else.
/// </summary>
public readonly ref struct I420View
{
    /// <summary>Looks at planes.</summary>
    /// <param name="width">Pixels in a row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="y">Brightness, rows <paramref name="strideY"/> apart.</param>
    /// <param name="strideY">At least the width.</param>
    /// <param name="u">Blue difference.</param>
    /// <param name="strideU">At least half the width, rounded up.</param>
    /// <param name="v">Red difference.</param>
    /// <param name="strideV">At least half the width, rounded up.</param>
    /// <exception cref="ArgumentException">A plane is shorter than its rows.</exception>
    public I420View(
        int width, int height, ReadOnlySpan<byte> y, int strideY, ReadOnlySpan<byte> u, int strideU, ReadOnlySpan<byte> v, int strideV)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        Width = width;
        Height = height;
        Require(y.Length, strideY, width, height);
        Require(u.Length, strideU, ChromaWidth, ChromaHeight);
        Require(v.Length, strideV, ChromaWidth, ChromaHeight);
        Y = y;
        U = u;
        V = v;
        (StrideY, StrideU, StrideV) = (strideY, strideU, strideV);
    }

    /// <summary>Pixels in a row.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>Pixels in a row of colour.</summary>
    public int ChromaWidth => (Width + 1) / 2;

    /// <summary>Rows of colour.</summary>
    public int ChromaHeight => (Height + 1) / 2;

    /// <summary>Brightness.</summary>
    public ReadOnlySpan<byte> Y { get; }

    /// <summary>Blue difference.</summary>
    public ReadOnlySpan<byte> U { get; }

    /// <summary>Red difference.</summary>
    public ReadOnlySpan<byte> V { get; }

    /// <summary>Bytes from a row of <see cref="Y"/> to the next.</summary>
    public int StrideY { get; }

    /// <summary>Bytes from a row of <see cref="U"/> to the next.</summary>
    public int StrideU { get; }

    /// <summary>Bytes from a row of <see cref="V"/> to the next.</summary>
    public int StrideV { get; }

    private static void Require(int length, int stride, int width, int height)
    {
        if (stride < width || length < ((long)stride * (height - 1)) + width) throw new ArgumentException("A plane is shorter than its rows.");
    }
}
