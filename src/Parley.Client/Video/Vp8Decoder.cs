using Parley.Media.Video;

namespace Parley.Client.Video;

/// <summary>
/// Decodes VP8 (RFC 6386) by libvpx. What comes from the network is checked for its size before libvpx sees it; a frame that
/// cannot be decoded costs all up to the next keyframe. Not thread-safe.
/// </summary>
public sealed unsafe class Vp8Decoder : IDisposable
{
    private readonly VpxCodec _codec = new();
    private bool _isDisposed;

    /// <summary>Makes a decoder.</summary>
    /// <exception cref="ParleyException">libvpx is missing.</exception>
    public Vp8Decoder()
    {
        var library = VpxLibrary.Instance;
        var error = _codec.OpenDecoder();
        if (error == VpxLibrary.Ok) return;
        _codec.Dispose();
        throw library.Failure("open a decoder", error);
    }

    /// <summary>Whether only a keyframe can be decoded: at the start, and after a frame that could not be.</summary>
    public bool NeedsKeyframe { get; private set; } = true;

    /// <summary>Decodes one frame.</summary>
    /// <param name="frame">The encoded frame, whole.</param>
    /// <param name="picture">The picture, until the next call.</param>
    /// <returns>
    /// False when there is nothing to see: the frame is broken or larger than 4,096 × 2,304, a keyframe is needed first, or it is one that
    /// is only referred to; <see cref="NeedsKeyframe"/> tells whether something was wrong.
    /// </returns>
    public bool TryDecode(ReadOnlySpan<byte> frame, out I420View picture)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        picture = default;
        if (!Vp8FrameTag.TryParse(frame, out var tag) || (tag.IsKeyframe && !VideoSize.IsAllowed(tag.Width, tag.Height)))
        {
            NeedsKeyframe = true;
            return false;
        }

        if (NeedsKeyframe && !tag.IsKeyframe) return false;
        var library = VpxLibrary.Instance;
        int error;
        fixed (byte* data = frame)
        {
            error = library.Decode(_codec.Context, data, (uint)frame.Length, null, default);
        }

        nint iterator = 0;
        var image = library.GetFrame(_codec.Context, &iterator);
        int corrupted = 0;
        if (error == VpxLibrary.Ok) error = library.Control(_codec.Context, VpxLibrary.GetFrameCorrupted, (nint)(&corrupted));
        NeedsKeyframe = error != VpxLibrary.Ok || corrupted != 0;
        if (NeedsKeyframe || image is null) return false;
        return TryView(image, out picture);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _isDisposed = true;
        _codec.Dispose();
    }

    private static bool TryView(VpxImage* image, out I420View picture)
    {
        picture = default;
        if (image->Format != VpxImage.I420 || !VideoSize.IsAllowed((int)image->DisplayWidth, (int)image->DisplayHeight)) return false;
        var (width, height) = ((int)image->DisplayWidth, (int)image->DisplayHeight);
        var (chromaWidth, chromaHeight) = ((width + 1) / 2, (height + 1) / 2);
        if (image->StrideY < width || image->StrideU < chromaWidth || image->StrideV < chromaWidth) return false;
        picture = new I420View(
            width,
            height,
            new ReadOnlySpan<byte>(image->Y, (image->StrideY * (height - 1)) + width),
            image->StrideY,
            new ReadOnlySpan<byte>(image->U, (image->StrideU * (chromaHeight - 1)) + chromaWidth),
            image->StrideU,
            new ReadOnlySpan<byte>(image->V, (image->StrideV * (chromaHeight - 1)) + chromaWidth),
            image->StrideV);
        return true;
    }
}
