namespace Parley.Media.Rtp;

/// <summary>The size of the pictures as a sequence parameter set of H.264 gives it (ITU-T H.264 §7.3.2.1.1).</summary>
internal static class H264PictureSize
{
    /// <summary>Sizes are in the first bytes; scaling lists of every kind make some 400 before them.</summary>
    private const int LongestSet = 512;

    private const uint LargestSide = 16_384;

    /// <summary>Reads the set behind its NAL unit header; false when it ends too early or has a size that no picture has.</summary>
    public static bool TryRead(ReadOnlySpan<byte> set, out ushort width, out ushort height)
    {
        (width, height) = (0, 0);
        Span<byte> plain = stackalloc byte[LongestSet];
        var reader = new BitReader(plain[..WithoutEmulationPrevention(set, plain)]);
        var profile = reader.Read(8);
        reader.Read(16); // constraint flags, level
        reader.ReadExpGolomb(); // seq_parameter_set_id
        var chroma = HasChroma(profile) ? ReadChroma(ref reader) : 1;

        reader.ReadExpGolomb(); // log2_max_frame_num_minus4
        SkipPictureOrder(ref reader);
        reader.ReadExpGolomb(); // max_num_ref_frames
        reader.Read(1); // gaps_in_frame_num_value_allowed_flag
        var columns = reader.ReadExpGolomb() + 1L;
        var rows = reader.ReadExpGolomb() + 1L;
        var framesOnly = reader.ReadFlag();
        if (!framesOnly)
        {
            reader.Read(1); // mb_adaptive_frame_field_flag
            rows *= 2;
        }

        reader.Read(1); // direct_8x8_inference_flag
        var (across, down) = (columns * 16, rows * 16);
        if (reader.ReadFlag())
        {
            // §7.4.2.1.1: cropping counts in units of chroma samples, and of two lines where there are fields.
            var unitAcross = chroma is 1 or 2 ? 2 : 1;
            var unitDown = (chroma == 1 ? 2 : 1) * (framesOnly ? 1 : 2);
            across -= ((long)reader.ReadExpGolomb() + reader.ReadExpGolomb()) * unitAcross;
            down -= ((long)reader.ReadExpGolomb() + reader.ReadExpGolomb()) * unitDown;
        }

        if (reader.IsPastEnd || across is <= 0 or > LargestSide || down is <= 0 or > LargestSide) return false;
        (width, height) = ((ushort)across, (ushort)down);
        return true;
    }

    private static bool HasChroma(uint profile) => profile is 100 or 110 or 122 or 244 or 44 or 83 or 86 or 118 or 128 or 138 or 139 or 134 or 135;

    private static uint ReadChroma(ref BitReader reader)
    {
        var chroma = reader.ReadExpGolomb();
        var isSeparate = chroma == 3 && reader.ReadFlag();
        reader.ReadExpGolomb(); // bit_depth_luma_minus8
        reader.ReadExpGolomb(); // bit_depth_chroma_minus8
        reader.Read(1); // qpprime_y_zero_transform_bypass_flag
        if (!reader.ReadFlag()) return isSeparate ? 0 : chroma;
        var lists = chroma == 3 ? 12 : 8;
        for (var i = 0; i < lists; i++)
        {
            if (reader.ReadFlag()) SkipScalingList(ref reader, i < 6 ? 16 : 64);
        }

        return isSeparate ? 0 : chroma;
    }

    /// <summary>§7.3.2.1.1.1: the list ends early where the next scale is 0.</summary>
    private static void SkipScalingList(ref BitReader reader, int size)
    {
        var (last, next) = (8, 8);
        for (var i = 0; i < size && next != 0; i++)
        {
            next = last + reader.ReadSignedExpGolomb() & 0xFF;
            last = next == 0 ? last : next;
        }
    }

    private static void SkipPictureOrder(ref BitReader reader)
    {
        var type = reader.ReadExpGolomb();
        if (type == 0) reader.ReadExpGolomb();
        if (type != 1) return;
        reader.Read(1);
        reader.ReadExpGolomb();
        reader.ReadExpGolomb();
        var cycle = reader.ReadExpGolomb(); // at most 255
        for (var i = 0; i < cycle && !reader.IsPastEnd; i++) reader.ReadExpGolomb();
    }

    /// <summary>§7.4.1: a 3 behind two zeros is not part of the set.</summary>
    private static int WithoutEmulationPrevention(ReadOnlySpan<byte> set, Span<byte> plain)
    {
        var (length, zeros) = (0, 0);
        foreach (var value in set)
        {
            if (zeros >= 2 && value == 3)
            {
                zeros = 0;
                continue;
            }

            if (length == plain.Length) break;
            plain[length++] = value;
            zeros = value == 0 ? zeros + 1 : 0;
        }

        return length;
    }
}
