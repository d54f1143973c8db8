using System.Runtime.InteropServices;

namespace Parley.Client.Video;

/// <summary>The head of vpx_codec_enc_cfg_t on a 64-bit system; it is longer, and longer still in later releases.</summary>
[StructLayout(LayoutKind.Explicit)]
internal struct VpxEncoderConfig
{
    /// <summary>Bytes to allocate for one: 504 in release 1.12, and room to grow.</summary>
    public const int Reserved = 4096;

    public const int OnePass = 0;
    public const int ConstantBitrate = 1;

    [FieldOffset(4)] public uint Threads;
    [FieldOffset(8)] public uint Profile;
    [FieldOffset(12)] public uint Width;
    [FieldOffset(16)] public uint Height;
    [FieldOffset(28)] public int TimebaseNumerator;
    [FieldOffset(32)] public int TimebaseDenominator;
    [FieldOffset(36)] public uint ErrorResilient;
    [FieldOffset(40)] public int Pass;
    [FieldOffset(44)] public uint LagInFrames;
    [FieldOffset(48)] public uint DropFrameThreshold;
    [FieldOffset(52)] public uint ResizeAllowed;
    [FieldOffset(72)] public int RateControl;
    [FieldOffset(112)] public uint TargetBitrate;
    [FieldOffset(116)] public uint MinQuantizer;
    [FieldOffset(120)] public uint MaxQuantizer;
    [FieldOffset(124)] public uint UndershootPercent;
    [FieldOffset(128)] public uint OvershootPercent;
    [FieldOffset(132)] public uint BufferSize;
    [FieldOffset(136)] public uint BufferInitialSize;
    [FieldOffset(140)] public uint BufferOptimalSize;
    [FieldOffset(160)] public int KeyframeMode;
    [FieldOffset(164)] public uint KeyframeMinDistance;
    [FieldOffset(168)] public uint KeyframeMaxDistance;
}

/// <summary>The head of vpx_image_t on a 64-bit system.</summary>
[StructLayout(LayoutKind.Explicit)]
internal unsafe struct VpxImage
{
    /// <summary>Bytes to allocate for one: 136 in release 1.12, and room to grow.</summary>
    public const int Reserved = 1024;

    /// <summary>VPX_IMG_FMT_I420.</summary>
    public const int I420 = 0x102;

    [FieldOffset(0)] public int Format;
    [FieldOffset(24)] public uint DisplayWidth;
    [FieldOffset(28)] public uint DisplayHeight;
    [FieldOffset(48)] public byte* Y;
    [FieldOffset(56)] public byte* U;
    [FieldOffset(64)] public byte* V;
    [FieldOffset(80)] public int StrideY;
    [FieldOffset(84)] public int StrideU;
    [FieldOffset(88)] public int StrideV;
}

/// <summary>The head of vpx_codec_cx_pkt_t on a 64-bit system. Its duration is a C long, which is why the flags have no one place.</summary>
[StructLayout(LayoutKind.Explicit)]
internal unsafe struct VpxPacket
{
    /// <summary>VPX_CODEC_CX_FRAME_PKT.</summary>
    public const int Frame = 0;

    [FieldOffset(0)] public int Kind;
    [FieldOffset(8)] public byte* Data;
    [FieldOffset(16)] public nuint Length;
}
