namespace Parley.Media.Rtp;

/// <summary>The largest size of the pictures as a sequence header of AV1 gives it (AV1 bitstream specification §5.5.1).</summary>
internal static class Av1PictureSize
{
    /// <summary>Reads a sequence header OBU behind its header; false when it ends too early.</summary>
    public static bool TryRead(ReadOnlySpan<byte> sequence, out ushort width, out ushort height)
    {
        (width, height) = (0, 0);
        var reader = new BitReader(sequence);
        reader.Read(4); // seq_profile, still_picture
        if (reader.ReadFlag()) reader.Read(5); // reduced_still_picture_header, seq_level_idx
        else SkipOperatingPoints(ref reader);
        var widthBits = (int)reader.Read(4) + 1;
        var heightBits = (int)reader.Read(4) + 1;
        var (across, down) = (reader.Read(widthBits) + 1, reader.Read(heightBits) + 1);
        if (reader.IsPastEnd || across > ushort.MaxValue || down > ushort.MaxValue) return false;
        (width, height) = ((ushort)across, (ushort)down);
        return true;
    }

    private static void SkipOperatingPoints(ref BitReader reader)
    {
        var hasDecoderModel = false;
        var delayBits = 0;
        if (reader.ReadFlag())
        {
            reader.Read(32); // num_units_in_display_tick
            reader.Read(32); // time_scale
            if (reader.ReadFlag()) reader.ReadExpGolomb(); // num_ticks_per_picture_minus_1
            hasDecoderModel = reader.ReadFlag();
            if (hasDecoderModel)
            {
                delayBits = (int)reader.Read(5) + 1;
                reader.Read(32); // num_units_in_decoding_tick
                reader.Read(10); // lengths of removal and presentation times
            }
        }

        var hasDisplayDelay = reader.ReadFlag();
        var points = reader.Read(5) + 1;
        for (var i = 0; i < points; i++)
        {
            reader.Read(12); // operating_point_idc
            if (reader.Read(5) > 7) reader.Read(1); // seq_tier
            if (hasDecoderModel && reader.ReadFlag())
            {
                reader.Read(delayBits);
                reader.Read(delayBits);
                reader.Read(1);
            }

            if (hasDisplayDelay && reader.ReadFlag()) reader.Read(4);
        }
    }
}
