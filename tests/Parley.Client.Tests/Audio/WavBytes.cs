using System.Buffers.Binary;

namespace Parley.Client.Tests.Audio;

/// <summary>WAV files as other programs write them.</summary>
internal static class WavBytes
{
    public static byte[] Make(int tag, int bits, int channels, int rate, byte[] data, bool extensible = false, uint? dataLength = null)
    {
        using var file = new MemoryStream();
        using var writer = new BinaryWriter(file);
        writer.Write("RIFF"u8);
        writer.Write(0);
        writer.Write("WAVE"u8);

        // A chunk of an odd length that nobody asked for, with its padding.
        writer.Write("LIST"u8);
        writer.Write(3);
        writer.Write("abc\0"u8);
        writer.Write("fmt "u8);
        writer.Write(extensible ? 40 : 16);
        writer.Write((ushort)(extensible ? 0xFFFE : tag));
        writer.Write((ushort)channels);
        writer.Write(rate);
        writer.Write(rate * channels * bits / 8);
        writer.Write((ushort)(channels * bits / 8));
        writer.Write((ushort)bits);
        if (extensible)
        {
            writer.Write((ushort)22);
            writer.Write((ushort)bits);
            writer.Write(0);
            writer.Write((ushort)tag);
            writer.Write(Convert.FromHexString("000000001000800000AA00389B71"));
        }

        writer.Write("data"u8);
        writer.Write(dataLength ?? (uint)data.Length);
        writer.Write(data);
        return file.ToArray();
    }

    /// <summary>Samples, each as often as there are channels, in an encoding.</summary>
    public static byte[] Encode(float[] samples, int tag, int bits, int channels)
    {
        var bytes = new List<byte>();
        var one = new byte[8];
        foreach (var sample in samples)
        {
            switch (tag, bits)
            {
                case (1, 8): one[0] = (byte)Math.Round((sample * 127) + 128); break;
                case (1, 16): BinaryPrimitives.WriteInt16LittleEndian(one, (short)Math.Round(sample * 32767)); break;
                case (1, _): BinaryPrimitives.WriteInt32LittleEndian(one, (int)Math.Round(sample * 2147483000.0) >> (32 - bits)); break;
                case (3, 32): BinaryPrimitives.WriteSingleLittleEndian(one, sample); break;
                default: BinaryPrimitives.WriteDoubleLittleEndian(one, sample); break;
            }

            for (var i = 0; i < channels; i++) bytes.AddRange(one[..(bits / 8)]);
        }

        return [.. bytes];
    }
}
