using System.Buffers.Binary;

namespace Parley.Client.Audio;

/// <summary>
/// Writes a WAV file: mono, 48 kHz, 16 bits. Its header is brought up to date once a second, so what a crash leaves can be
/// played. Where the format ends, at 4 GiB (12 hours), it goes on in a second file: <c>name-2.wav</c>. Not thread-safe.
/// </summary>
public sealed class WavWriter : IDisposable
{
    private const long MaxDataLength = uint.MaxValue - (2 * WavFormat.HeaderLength);

    private readonly string _path;
    private readonly long _maxDataLength;
    private readonly byte[] _bytes = new byte[2 * AudioFormat.FrameSamples];
    private FileStream _file;
    private long _dataLength;
    private long _headerAt;
    private int _number = 1;

    /// <summary>Makes the file, over one that is there.</summary>
    /// <exception cref="ParleyException">It cannot be made; the message says why.</exception>
    public WavWriter(string path)
        : this(path, MaxDataLength)
    {
    }

    internal WavWriter(string path, long maxDataLength)
    {
        _path = path;
        _maxDataLength = maxDataLength & ~1L;
        _file = Create(path);
    }

    /// <summary>Writes samples.</summary>
    /// <param name="samples">−1…1; what lies beyond is clipped.</param>
    /// <exception cref="ParleyException">The disk is full or gone.</exception>
    public void Write(ReadOnlySpan<float> samples)
    {
        try
        {
            while (!samples.IsEmpty)
            {
                if (_dataLength >= _maxDataLength) GoOn();
                var count = (int)Math.Min(Math.Min(samples.Length, _bytes.Length / 2), (_maxDataLength - _dataLength) / 2);
                for (var i = 0; i < count; i++) BinaryPrimitives.WriteInt16LittleEndian(_bytes.AsSpan(2 * i), ToInt16(samples[i]));
                _file.Write(_bytes.AsSpan(0, 2 * count));
                _dataLength += 2 * count;
                samples = samples[count..];
                if (_dataLength >= _headerAt) WriteHeader();
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Failed(_file.Name, failure);
        }
    }

    /// <summary>Finishes the file.</summary>
    public void Dispose()
    {
        try
        {
            if (_file.CanWrite) WriteHeader();
        }
        catch (IOException)
        {
            // The disk is full; the header of a second ago is there.
        }
        finally
        {
            _file.Dispose();
        }
    }

    private static short ToInt16(float sample) => (short)Math.Clamp(MathF.Round((float.IsNaN(sample) ? 0 : sample) * 32_767), -32_768, 32_767);

    private static ParleyException Failed(string path, Exception failure) =>
        new(ParleyError.Media, $"{path} cannot be written: {failure.Message}", inner: failure);

    private void GoOn()
    {
        WriteHeader();
        _file.Dispose();
        _number++;
        var name = $"{Path.GetFileNameWithoutExtension(_path)}-{_number}{Path.GetExtension(_path)}";
        _file = Create(Path.Combine(Path.GetDirectoryName(_path) ?? "", name));
    }

    private FileStream Create(string path)
    {
        try
        {
            // Without a buffer of its own: what a full disk refuses is refused by the write, not by closing the file.
            _file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
            _dataLength = 0;
            WriteHeader();
            return _file;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            _file?.Dispose();
            throw Failed(path, failure);
        }
    }

    private void WriteHeader()
    {
        Span<byte> header = stackalloc byte[WavFormat.HeaderLength];
        WavFormat.WriteHeader(header, (uint)_dataLength);
        _file.Position = 0;
        _file.Write(header);
        _file.Position = WavFormat.HeaderLength + _dataLength;
        _headerAt = _dataLength + (2 * AudioFormat.SampleRate);
    }
}
