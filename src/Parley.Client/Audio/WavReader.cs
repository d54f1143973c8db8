using System.Buffers.Binary;

namespace Parley.Client.Audio;

/// <summary>
/// Reads a WAV file as mono at 48 kHz: PCM of 8, 16, 24 or 32 bits or floats, 1–32 channels (averaged), 1–384 kHz. Not thread-safe.
/// </summary>
public sealed class WavReader : IDisposable
{
    private readonly Stream _file;
    private readonly WavFormat _format;
    private readonly SincResampler? _resampler;
    private readonly byte[] _bytes;
    private long _position;

    /// <summary>Opens a file.</summary>
    /// <exception cref="ParleyException">It cannot be opened, or cannot be played; the message says why.</exception>
    public WavReader(string path)
        : this(Open(path), Path.GetFileName(path))
    {
    }

    /// <summary>Reads from a stream that can seek, and closes it in the end.</summary>
    /// <exception cref="ParleyException">It cannot be played; the message calls it <paramref name="name"/> and says why.</exception>
    public WavReader(Stream file, string name)
    {
        try
        {
            _format = WavFormat.Read(file, name);
        }
        catch
        {
            file.Dispose();
            throw;
        }

        _file = file;
        _bytes = new byte[1024 * _format.FrameLength];
        _resampler = _format.SampleRate == AudioFormat.SampleRate ? null : new SincResampler(_format.SampleRate);
    }

    /// <summary>Samples in a second, as the file has them.</summary>
    public int SampleRate => _format.SampleRate;

    /// <summary>Channels, as the file has them.</summary>
    public int Channels => _format.Channels;

    /// <summary>How long it plays.</summary>
    public TimeSpan Duration => TimeSpan.FromSeconds((double)(_format.DataLength / _format.FrameLength) / _format.SampleRate);

    /// <summary>Reads on.</summary>
    /// <param name="samples">Mono at 48 kHz, −1…1.</param>
    /// <returns>How many were read; fewer than asked for only at the end, or where the file has been cut meanwhile.</returns>
    public int Read(Span<float> samples)
    {
        if (_resampler is null) return ReadSource(samples);
        var read = 0;
        while (true)
        {
            read += _resampler.Read(samples[read..]);
            if (read == samples.Length) return read;
            var more = ReadSource(_resampler.Free);
            if (more > 0)
            {
                _resampler.Commit(more);
                continue;
            }

            _resampler.Finish();
            return read + _resampler.Read(samples[read..]);
        }
    }

    /// <summary>Goes back to the beginning.</summary>
    public void Rewind()
    {
        _position = 0;
        _resampler?.Reset();
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static FileStream Open(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new ParleyException(ParleyError.Media, $"{path} cannot be opened: {failure.Message}", inner: failure);
        }
    }

    /// <summary>Fills from the file, at its own rate.</summary>
    private int ReadSource(Span<float> samples)
    {
        var read = 0;
        while (read < samples.Length)
        {
            var frames = (int)Math.Min(Math.Min(samples.Length - read, 1024), (_format.DataLength - _position) / _format.FrameLength);
            if (frames == 0) break;
            var wanted = _bytes.AsSpan(0, frames * _format.FrameLength);
            _file.Position = _format.DataStart + _position;
            frames = _file.ReadAtLeast(wanted, wanted.Length, throwOnEndOfStream: false) / _format.FrameLength;
            if (frames == 0) break;
            for (var i = 0; i < frames; i++) samples[read + i] = Mix(wanted.Slice(i * _format.FrameLength, _format.FrameLength));
            read += frames;
            _position += (long)frames * _format.FrameLength;
        }

        return read;
    }

    private float Mix(ReadOnlySpan<byte> frame)
    {
        var sum = 0.0;
        var length = _format.Bits / 8;
        for (var channel = 0; channel < _format.Channels; channel++) sum += Sample(frame[(channel * length)..]);
        sum /= _format.Channels;
        return double.IsFinite(sum) ? (float)Math.Clamp(sum, -1, 1) : 0;
    }

    private double Sample(ReadOnlySpan<byte> bytes) => (_format.IsFloat, _format.Bits) switch
    {
        (true, 32) => BinaryPrimitives.ReadSingleLittleEndian(bytes),
        (true, _) => BinaryPrimitives.ReadDoubleLittleEndian(bytes),

        // Eight bits are the only ones without a sign.
        (_, 8) => (bytes[0] - 128) / 128.0,
        (_, 16) => BinaryPrimitives.ReadInt16LittleEndian(bytes) / 32_768.0,
        (_, 24) => ((bytes[0] << 8) | (bytes[1] << 16) | (bytes[2] << 24)) / 2_147_483_648.0,
        _ => BinaryPrimitives.ReadInt32LittleEndian(bytes) / 2_147_483_648.0,
    };
}
