namespace Parley.Client.Video;

/// <summary>A picture in planes that owns its memory: Y, then U, then V, without gaps, as <c>-pix_fmt yuv420p</c> has them.</summary>
public sealed class I420Frame
{
    private readonly byte[] _bytes;
    private readonly int _chromaLength;

    /// <summary>Makes a black picture.</summary>
    /// <param name="width">1–4,096.</param>
    /// <param name="height">1–4,096; at most 4,096 × 2,304 pixels in all.</param>
    public I420Frame(int width, int height)
    {
        VideoSize.Require(width, height);
        Width = width;
        Height = height;
        _chromaLength = ChromaWidth * ChromaHeight;
        _bytes = new byte[(width * height) + (2 * _chromaLength)];
        Fill(16, 128, 128);
    }

    /// <summary>Pixels in a row, which are also the bytes from a row of <see cref="Y"/> to the next.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>Pixels in a row of colour, which are also the bytes from a row of it to the next.</summary>
    public int ChromaWidth => (Width + 1) / 2;

    /// <summary>Rows of colour.</summary>
    public int ChromaHeight => (Height + 1) / 2;

    /// <summary>All planes, for a reader of raw video to fill.</summary>
    public Span<byte> Bytes => _bytes;

    /// <summary>The memory of <see cref="Bytes"/>.</summary>
    public Memory<byte> Memory => _bytes;

    /// <summary>Brightness, 16–235.</summary>
    public Span<byte> Y => _bytes.AsSpan(0, Width * Height);

    /// <summary>Blue difference, 16–240.</summary>
    public Span<byte> U => _bytes.AsSpan(Width * Height, _chromaLength);

    /// <summary>Red difference, 16–240.</summary>
    public Span<byte> V => _bytes.AsSpan((Width * Height) + _chromaLength, _chromaLength);

    /// <summary>The picture to look at.</summary>
    public I420View View => new(Width, Height, Y, Width, U, ChromaWidth, V, ChromaWidth);

    /// <summary>Paints all of it.</summary>
    public void Fill(byte y, byte u, byte v) => Fill(0, 0, Width, Height, y, u, v);

    /// <summary>Paints a rectangle; what lies outside is left out. Colour is painted where its two by two pixels begin inside.</summary>
    public void Fill(int left, int top, int width, int height, byte y, byte u, byte v)
    {
        var (right, bottom) = (Math.Clamp(left + width, 0, Width), Math.Clamp(top + height, 0, Height));
        (left, top) = (Math.Clamp(left, 0, right), Math.Clamp(top, 0, bottom));
        for (var row = top; row < bottom; row++) Y[((row * Width) + left)..((row * Width) + right)].Fill(y);
        for (var row = (top + 1) / 2; row < (bottom + 1) / 2; row++)
        {
            var (from, to) = ((row * ChromaWidth) + ((left + 1) / 2), (row * ChromaWidth) + ((right + 1) / 2));
            U[from..to].Fill(u);
            V[from..to].Fill(v);
        }
    }

    /// <summary>Takes over a picture of the same size.</summary>
    public void CopyFrom(in I420View picture)
    {
        if (picture.Width != Width || picture.Height != Height) throw new ArgumentException("The sizes differ.", nameof(picture));
        Copy(picture.Y, picture.StrideY, Y, Width, Height);
        Copy(picture.U, picture.StrideU, U, ChromaWidth, ChromaHeight);
        Copy(picture.V, picture.StrideV, V, ChromaWidth, ChromaHeight);
    }

    private static void Copy(ReadOnlySpan<byte> from, int stride, Span<byte> to, int width, int height)
    {
        for (var row = 0; row < height; row++) from.Slice(row * stride, width).CopyTo(to[(row * width)..]);
    }
}
