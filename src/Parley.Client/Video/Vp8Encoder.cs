using System.Runtime.InteropServices;

namespace Parley.Client.Video;

/// <summary>
/// Encodes pictures to VP8 (RFC 6386) by libvpx, for conversation: constant bitrate, no lag, one thread. Not thread-safe.
/// </summary>
public sealed unsafe class Vp8Encoder : IDisposable
{
    /// <summary>The clock of RTP video (RFC 7741 §6.1), in which libvpx is told of time.</summary>
    private const int ClockRate = 90_000;
    private const int ForceKeyframe = 1;
    private const int RealTime = 1;

    private VpxCodec _codec;
    private Vp8EncoderSettings _settings;
    private TimeSpan _origin;
    private long _lastTime = -1;
    private bool _isDisposed;

    /// <summary>Makes an encoder.</summary>
    /// <exception cref="ParleyException">A setting is out of range, or libvpx is missing.</exception>
    public Vp8Encoder(Vp8EncoderSettings settings)
    {
        settings.Validate();
        _settings = settings;
        _codec = Open(settings);
    }

    /// <summary>What it encodes by; the size and the bitrate are those of now.</summary>
    public Vp8EncoderSettings Settings => _settings;

    /// <summary>Encodes one picture. One of another size than before begins a new stream, with a keyframe.</summary>
    /// <param name="picture">What to encode.</param>
    /// <param name="captureTime">When it was taken; a time that is not after the last is taken for a tick after it.</param>
    /// <param name="forceKeyframe">Whether it must be a keyframe.</param>
    /// <param name="isKeyframe">Whether it became one.</param>
    /// <returns>The encoded frame, until the next call; empty when libvpx gave none.</returns>
    /// <exception cref="ParleyException">libvpx refused.</exception>
    public ReadOnlySpan<byte> Encode(in I420View picture, TimeSpan captureTime, bool forceKeyframe, out bool isKeyframe)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        isKeyframe = false;
        if (picture.Width != _settings.Width || picture.Height != _settings.Height)
        {
            var settings = _settings with { Width = picture.Width, Height = picture.Height };
            settings.Validate();
            var codec = Open(settings);
            _codec.Dispose();
            (_codec, _settings, _lastTime) = (codec, settings, -1);
        }

        if (_lastTime < 0) _origin = captureTime;
        var time = Math.Max((captureTime - _origin).Ticks * (ClockRate / 1000) / TimeSpan.TicksPerMillisecond, _lastTime + 1);
        _lastTime = time;
        var library = VpxLibrary.Instance;
        var image = _codec.Image;
        fixed (byte* y = picture.Y, u = picture.U, v = picture.V)
        {
            image->Y = y;
            image->U = u;
            image->V = v;
            (image->StrideY, image->StrideU, image->StrideV) = (picture.StrideY, picture.StrideU, picture.StrideV);

            // libvpx copies the picture before it returns.
            var error = library.Encode(
                _codec.Context,
                image,
                time,
                new CULong((uint)(ClockRate / _settings.FramesPerSecond)),
                new CLong(forceKeyframe ? ForceKeyframe : 0),
                new CULong(RealTime));
            image->Y = image->U = image->V = null;
            if (error != VpxLibrary.Ok) throw library.Failure("encode", error);
        }

        nint iterator = 0;
        for (var packet = library.GetPacket(_codec.Context, &iterator); packet is not null; packet = library.GetPacket(_codec.Context, &iterator))
        {
            if (packet->Kind != VpxPacket.Frame || packet->Length is 0 or > int.MaxValue) continue;
            isKeyframe = (*packet->Data & 1) == 0;
            return new ReadOnlySpan<byte>(packet->Data, (int)packet->Length);
        }

        return [];
    }

    /// <summary>Changes the bitrate from the next picture on.</summary>
    /// <param name="kbps">Bits in a second, in thousands, 10–100,000.</param>
    public void SetBitrate(int kbps)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (kbps == _settings.BitrateKbps) return;
        var settings = _settings with { BitrateKbps = kbps };
        settings.Validate();
        _codec.Config->TargetBitrate = (uint)kbps;
        var error = VpxLibrary.Instance.EncoderConfigSet(_codec.Context, _codec.Config);
        if (error != VpxLibrary.Ok) throw VpxLibrary.Instance.Failure("change the bitrate", error);
        _settings = settings;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _isDisposed = true;
        _codec.Dispose();
    }

    private static VpxCodec Open(Vp8EncoderSettings settings)
    {
        var library = VpxLibrary.Instance;
        var codec = new VpxCodec();
        try
        {
            var error = library.DefaultConfig(codec.Config);
            if (error != VpxLibrary.Ok) throw library.Failure("name its defaults", error);
            Configure(codec.Config, settings);
            error = codec.OpenEncoder();
            if (error != VpxLibrary.Ok) throw library.Failure($"open an encoder of {settings.Width} × {settings.Height}", error);

            // Negative: as fast as its amount says, whatever the machine's load is.
            library.Control(codec.Context, VpxLibrary.SetCpuUsed, -settings.Speed);
            library.Control(codec.Context, VpxLibrary.SetStaticThreshold, 1);

            // A keyframe may take half of what the receiver's buffer is thought to hold, so that it does not stand in the path for long.
            library.Control(
                codec.Context,
                VpxLibrary.SetMaxIntraBitratePercent,
                Math.Max(300, (int)codec.Config->BufferOptimalSize * settings.FramesPerSecond / 20));
            if (library.WrapImage(codec.Image, VpxImage.I420, (uint)settings.Width, (uint)settings.Height, 1, (byte*)codec.Image) is null)
                throw library.Failure("describe a picture", VpxLibrary.Ok);
            return codec;
        }
        catch
        {
            codec.Dispose();
            throw;
        }
    }

    private static void Configure(VpxEncoderConfig* config, Vp8EncoderSettings settings)
    {
        config->Threads = 1;
        config->Profile = 0;
        config->Width = (uint)settings.Width;
        config->Height = (uint)settings.Height;
        config->TimebaseNumerator = 1;
        config->TimebaseDenominator = ClockRate;
        config->ErrorResilient = 0;
        config->Pass = VpxEncoderConfig.OnePass;
        config->LagInFrames = 0;
        config->DropFrameThreshold = 0;
        config->ResizeAllowed = 0;
        config->RateControl = VpxEncoderConfig.ConstantBitrate;
        config->TargetBitrate = (uint)settings.BitrateKbps;
        config->MinQuantizer = 2;
        config->MaxQuantizer = 56;
        config->UndershootPercent = 100;
        config->OvershootPercent = 15;

        // Milliseconds of stream that may lie before the receiver.
        config->BufferSize = 1000;
        config->BufferInitialSize = 500;
        config->BufferOptimalSize = 600;
        config->KeyframeMode = 1;
        config->KeyframeMinDistance = 0;
        config->KeyframeMaxDistance = (uint)settings.KeyframeInterval;
    }
}
