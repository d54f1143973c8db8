using System.Runtime.InteropServices;

namespace Parley.Media.Mixing;

/// <summary>Encodes 48 kHz mono float to Opus, tuned for voice (OPUS_APPLICATION_VOIP). Not thread-safe.</summary>
public sealed unsafe class OpusEncoder : IDisposable
{
    private const int Channels = 1;

    private readonly OpusEncoderHandle _handle = OpusEncoderHandle.Create(Channels, OpusLibrary.ApplicationVoip);

    private int _complexity = -1;
    private int _expectedLossPercent;
    private bool _celtOnly;

    /// <summary>Makes an encoder.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public OpusEncoder(OpusEncoderOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Bitrate, 6_000);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Bitrate, 128_000);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Complexity, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Complexity, 10);
        Control(OpusLibrary.SetBitrate, options.Bitrate);
        Complexity = options.Complexity;
        Control(OpusLibrary.SetInbandFec, options.InbandFec ? 1 : 0);
        CeltOnly = options.CeltOnly;
        ExpectedLossPercent = options.ExpectedLossPercent;
    }

    /// <summary>CPU against quality, 0 … 10.</summary>
    public int Complexity
    {
        get => _complexity;
        set
        {
            if (value == _complexity) return;
            _complexity = value;
            Control(OpusLibrary.SetComplexity, value);
        }
    }

    /// <summary>The loss that the receiver reports, 0 … 100 (clamped): how much of the bitrate goes into FEC.</summary>
    public int ExpectedLossPercent
    {
        get => _expectedLossPercent;
        set
        {
            _expectedLossPercent = Math.Clamp(value, 0, 100);
            Control(OpusLibrary.SetPacketLossPercent, _expectedLossPercent);
        }
    }

    /// <summary>Whether the next packets are of CELT alone; see <see cref="OpusEncoderOptions.CeltOnly"/>.</summary>
    public bool CeltOnly
    {
        get => _celtOnly;
        set
        {
            if (value == _celtOnly) return;
            _celtOnly = value;
            Control(OpusLibrary.SetSignal, value ? OpusLibrary.SignalMusic : OpusLibrary.SignalAuto);
        }
    }

    /// <summary>Encodes one frame.</summary>
    /// <param name="samples">120, 240, 480, 960, 1,920 or 2,880 finite samples.</param>
    /// <param name="packet">Where to write; 1,276 bytes suffice for every frame up to 20 ms.</param>
    /// <returns>The bytes written; 0 when libopus refused.</returns>
    public int Encode(ReadOnlySpan<float> samples, Span<byte> packet)
    {
        var acquired = false;
        try
        {
            _handle.DangerousAddRef(ref acquired);
            fixed (float* pcm = samples)
            fixed (byte* data = packet)
            {
                var written = OpusLibrary.Instance.EncodeFloat(
                    _handle.DangerousGetHandle(), pcm, samples.Length, data, packet.Length);
                return Math.Max(0, written);
            }
        }
        finally
        {
            if (acquired) _handle.DangerousRelease();
        }
    }

    /// <summary>
    /// Goes on as the other would: both give the same packets from now on, as long as they are given the same samples and settings. An
    /// encoder's state is one block of memory without pointers into itself, made to be copied (opus_encoder_get_size).
    /// </summary>
    public void CopyFrom(OpusEncoder other)
    {
        bool acquired = false, otherAcquired = false;
        try
        {
            _handle.DangerousAddRef(ref acquired);
            other._handle.DangerousAddRef(ref otherAcquired);
            var size = (nuint)OpusLibrary.Instance.EncoderGetSize(Channels);
            NativeMemory.Copy((void*)other._handle.DangerousGetHandle(), (void*)_handle.DangerousGetHandle(), size);
            (_complexity, _expectedLossPercent, _celtOnly) = (other._complexity, other._expectedLossPercent, other._celtOnly);
        }
        finally
        {
            if (acquired) _handle.DangerousRelease();
            if (otherAcquired) other._handle.DangerousRelease();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();

    private void Control(int request, int value)
    {
        var acquired = false;
        try
        {
            _handle.DangerousAddRef(ref acquired);
            OpusLibrary.Instance.EncoderControl(_handle.DangerousGetHandle(), request, value);
        }
        finally
        {
            if (acquired) _handle.DangerousRelease();
        }
    }
}
