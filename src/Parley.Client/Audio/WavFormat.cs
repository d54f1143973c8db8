using System.Buffers.Binary;
using System.Text;

namespace Parley.Client.Audio;

/// <summary>What a WAV file's header says (RIFF WAVE, "fmt " and "data"), checked.</summary>
internal readonly record struct WavFormat(bool IsFloat, int Bits, int Channels, int SampleRate, long DataStart, long DataLength)
{
    private const int Pcm = 1;
    private const int Float = 3;
    private const int Extensible = 0xFFFE;
    private const int MaxChannels = 32;
    private const int MinRate = 1_000;
    private const int MaxRate = 384_000;
    private const int MaxChunks = 1_000;

    /// <summary>Bytes of one sample of all channels.</summary>
    public int FrameLength => Bits / 8 * Channels;

    /// <summary>Reads the header up to the samples.</summary>
    /// <param name="file">At its beginning; must be able to seek.</param>
    /// <param name="name">What to call it in a complaint.</param>
    /// <exception cref="ParleyException">It is no WAV file, or one of a kind that is not read here: says which.</exception>
    public static WavFormat Read(Stream file, string name)
    {
        Span<byte> head = stackalloc byte[40];
        if (file.ReadAtLeast(head[..12], 12, throwOnEndOfStream: false) < 12
            || !(head.StartsWith("RIFF"u8) || head.StartsWith("RF64"u8)) || !head[8..12].SequenceEqual("WAVE"u8))
        {
            throw Bad(name, "it is no WAV file");
        }

        WavFormat? format = null;
        for (var chunk = 0; chunk < MaxChunks; chunk++)
        {
            if (file.ReadAtLeast(head[..8], 8, throwOnEndOfStream: false) < 8) break;
            long length = BinaryPrimitives.ReadUInt32LittleEndian(head[4..]);
            if (head.StartsWith("data"u8))
            {
                if (format is not { } known) throw Bad(name, "its samples come before their format");

                // A file that was never finished, or is beyond 4 GiB, says 0 or the most: its samples go on to its end.
                var rest = file.Length - file.Position;
                var data = length is 0 or uint.MaxValue ? rest : Math.Min(length, rest);
                data -= data % known.FrameLength;
                if (data == 0) throw Bad(name, "it has no samples");
                return known with { DataStart = file.Position, DataLength = data };
            }

            if (head.StartsWith("fmt "u8))
            {
                var taken = (int)Math.Min(length, head.Length);
                if (taken < 16 || file.ReadAtLeast(head[..taken], taken, throwOnEndOfStream: false) < taken) throw Bad(name, "its format is cut off");
                format = ReadFormat(head[..taken], name);
                length -= taken;
            }

            // Chunks are padded to an even length.
            length += length & 1;
            if (length > file.Length - file.Position) break;
            file.Seek(length, SeekOrigin.Current);
        }

        throw Bad(name, format is null ? "it names no format" : "it has no samples");
    }

    private static WavFormat ReadFormat(ReadOnlySpan<byte> chunk, string name)
    {
        int tag = BinaryPrimitives.ReadUInt16LittleEndian(chunk);
        int channels = BinaryPrimitives.ReadUInt16LittleEndian(chunk[2..]);
        var rate = BinaryPrimitives.ReadUInt32LittleEndian(chunk[4..]);
        int frameLength = BinaryPrimitives.ReadUInt16LittleEndian(chunk[12..]);
        int bits = BinaryPrimitives.ReadUInt16LittleEndian(chunk[14..]);
        if (tag == Extensible)
        {
            if (chunk.Length < 40) throw Bad(name, "its format is cut off");

            // The sub-format is a GUID whose first two bytes are the tag.
            tag = BinaryPrimitives.ReadUInt16LittleEndian(chunk[24..]);
        }

        var isKnown = (tag == Pcm && bits is 8 or 16 or 24 or 32) || (tag == Float && bits is 32 or 64);
        if (tag is not (Pcm or Float)) throw Bad(name, $"its samples are encoded (format {tag}), and only PCM is read");
        if (!isKnown) throw Bad(name, $"its samples have {bits} bits");
        if (channels is < 1 or > MaxChannels) throw Bad(name, $"it has {channels} channels");
        if (rate is < MinRate or > MaxRate) throw Bad(name, $"its rate is {rate} Hz");
        if (frameLength != bits / 8 * channels) throw Bad(name, $"its blocks of {frameLength} bytes do not fit {channels} × {bits} bits");
        return new WavFormat(tag == Float, bits, channels, (int)rate, 0, 0);
    }

    private static ParleyException Bad(string name, string why) => new(ParleyError.Media, $"{name} cannot be played: {why}.");

    /// <summary>Writes the header of a file with 16-bit PCM in mono at 48 kHz.</summary>
    /// <param name="header"><see cref="HeaderLength"/> bytes.</param>
    /// <param name="dataLength">Bytes of samples.</param>
    public static void WriteHeader(Span<byte> header, uint dataLength)
    {
        Encoding.ASCII.GetBytes("RIFF\0\0\0\0WAVEfmt ", header);
        BinaryPrimitives.WriteUInt32LittleEndian(header[4..], HeaderLength - 8 + dataLength);
        BinaryPrimitives.WriteUInt32LittleEndian(header[16..], 16);
        BinaryPrimitives.WriteUInt16LittleEndian(header[20..], Pcm);
        BinaryPrimitives.WriteUInt16LittleEndian(header[22..], 1);
        BinaryPrimitives.WriteUInt32LittleEndian(header[24..], AudioFormat.SampleRate);
        BinaryPrimitives.WriteUInt32LittleEndian(header[28..], AudioFormat.SampleRate * sizeof(short));
        BinaryPrimitives.WriteUInt16LittleEndian(header[32..], sizeof(short));
        BinaryPrimitives.WriteUInt16LittleEndian(header[34..], 16);
        Encoding.ASCII.GetBytes("data", header[36..]);
        BinaryPrimitives.WriteUInt32LittleEndian(header[40..], dataLength);
    }

    /// <summary>Bytes before the samples of what <see cref="WriteHeader"/> begins.</summary>
    public const int HeaderLength = 44;
}
