using Microsoft.Win32.SafeHandles;

namespace Parley.Media.Mixing;

/// <summary>Owns the state of one libopus decoder.</summary>
internal sealed unsafe class OpusDecoderHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    /// <exception cref="InvalidOperationException">libopus could not allocate it.</exception>
    public static OpusDecoderHandle Create(int channels)
    {
        int error;
        var handle = new OpusDecoderHandle();
        handle.SetHandle(OpusLibrary.Instance.DecoderCreate(AudioFormat.SampleRate, channels, &error));
        return error == 0 ? handle : throw new InvalidOperationException($"opus_decoder_create failed with {error}");
    }

    protected override bool ReleaseHandle()
    {
        OpusLibrary.Instance.DecoderDestroy(handle);
        return true;
    }
}

/// <summary>Owns the state of one libopus encoder.</summary>
internal sealed unsafe class OpusEncoderHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    /// <exception cref="InvalidOperationException">libopus could not allocate it.</exception>
    public static OpusEncoderHandle Create(int channels, int application)
    {
        int error;
        var handle = new OpusEncoderHandle();
        handle.SetHandle(OpusLibrary.Instance.EncoderCreate(AudioFormat.SampleRate, channels, application, &error));
        return error == 0 ? handle : throw new InvalidOperationException($"opus_encoder_create failed with {error}");
    }

    protected override bool ReleaseHandle()
    {
        OpusLibrary.Instance.EncoderDestroy(handle);
        return true;
    }
}
