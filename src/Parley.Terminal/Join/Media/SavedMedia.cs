using System.Globalization;
using Parley.Client;
using Parley.Client.Audio;
using Parley.Client.Video;

namespace Parley.Terminal.Join.Media;

/// <summary>
/// What is seen and heard, in files. Each presence writes into a folder of its own, so nothing is ever written over. A disk that is
/// full ends the files, not the meeting.
/// </summary>
internal sealed class SavedMedia : IAudioSink, IVideoSink, IDisposable
{
    private const string Mix = "mix.wav";

    private readonly string _folder;
    private readonly WavSink _wav;
    private readonly IvfSink _ivf;
    private readonly Action<string> _failed;
    private volatile bool _isUsed;
    private bool _isTold;

    private SavedMedia(string folder, Func<string, string?> nameOf, Action<string> failed)
    {
        _folder = folder;
        _failed = failed;
        _ivf = new IvfSink(folder, nameOf);
        try
        {
            _wav = new WavSink(Path.Combine(folder, Mix));
        }
        catch
        {
            _ivf.Dispose();
            throw;
        }
    }

    /// <summary>Makes the folder.</summary>
    /// <param name="folder">Where to make it; made when it is not there.</param>
    /// <param name="meetingId">Which meeting.</param>
    /// <param name="nameOf">A participant's name by their id, on any thread.</param>
    /// <param name="failed">Told once, when a file cannot be written any more. Any thread.</param>
    /// <param name="time">For the folder's name.</param>
    /// <exception cref="ParleyException">It cannot be written to.</exception>
    public static SavedMedia Create(string folder, string meetingId, Func<string, string?> nameOf, Action<string> failed, TimeProvider time)
    {
        try
        {
            var stem = Path.Combine(folder, meetingId + time.GetLocalNow().ToString("-yyyyMMdd-HHmmss", CultureInfo.InvariantCulture));
            var path = stem;
            // Of two at once, one makes the folder first; the other finds its file there.
            for (var i = 2; Path.Exists(path); i++) path = $"{stem}-{i}";
            Directory.CreateDirectory(path);
            return new SavedMedia(path, nameOf, failed);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new ParleyException(ParleyError.Media, $"--save: \"{Drawing.Glyphs.Clean(folder)}\" cannot be written to: {e.Message}", inner: e);
        }
    }

    public void Write(ReadOnlySpan<float> frame)
    {
        _isUsed = true;
        _wav.Write(frame);
    }

    public void OnFrame(in VideoFrameInfo info, ReadOnlySpan<byte> frame)
    {
        _isUsed = true;
        _ivf.OnFrame(info, frame);
    }

    /// <summary>Looks whether the disk still takes it all.</summary>
    public void Check()
    {
        if (_isTold || (_wav.Failure ?? _ivf.Failure) is not { } failure) return;
        _isTold = true;
        _failed($"Not saved any more: {failure.Message}");
    }

    public void Dispose()
    {
        _wav.Dispose();
        _ivf.Dispose();
        if (!_isUsed) Remove();
    }

    /// <summary>One line that names the files; once they are finished.</summary>
    public string Describe()
    {
        if (!_isUsed) return "Nothing was seen or heard, so nothing is saved";
        var files = Directory.Exists(_folder) ? Directory.EnumerateFiles(_folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal).ToList() : [];
        return files.Count == 0 ? $"Nothing is saved in {_folder}" : $"Saved in {_folder}: {string.Join(", ", files)}";
    }

    /// <summary>A meeting that could not be joined leaves no files.</summary>
    private void Remove()
    {
        try
        {
            File.Delete(Path.Combine(_folder, Mix));
            Directory.Delete(_folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // An empty file is left.
        }
    }
}
