using System.Buffers;

namespace Parley.Server.Files;

/// <summary>
/// The files of the chat, each under its meeting in the data folder: <c>files/MEETING/FILE</c>, both ids of our own making. What has no
/// row in the records is nobody's: it is swept away at the start.
/// </summary>
/// <param name="dataFolder">Made when the first file comes.</param>
/// <param name="keepFree">Bytes that are left on the disk for all else.</param>
internal sealed class FileStore(string dataFolder, long keepFree)
{
    private const int BufferSize = 64 * 1024;
    private const string Unfinished = ".part";

    private readonly string _folder = Path.Combine(dataFolder, "files");

    /// <summary>The meetings that have files, or had.</summary>
    public IReadOnlyList<string> Meetings =>
        Directory.Exists(_folder) ? [.. Directory.EnumerateDirectories(_folder).Select(folder => Path.GetFileName(folder)!)] : [];

    /// <summary>Takes a file in, never all of it in memory. Nothing of it is left when this does not return one.</summary>
    /// <returns>Null when the disk does not take it.</returns>
    /// <exception cref="EndOfStreamException">The sender sent less than it said.</exception>
    public async Task<StoredFile?> ReceiveAsync(string meetingId, Stream body, long length, CancellationToken cancellation)
    {
        if (!HasRoom(length)) return null;
        var id = Guid.NewGuid().ToString("N");
        var path = PathOf(meetingId, id);
        var part = path + Unfinished;
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        var whole = false;
        try
        {
            if (Create(part) is not { } file) return null;
            await using (file)
            {
                var type = PictureType.Unknown;
                for (long written = 0; written < length;)
                {
                    var most = (int)Math.Min(BufferSize, length - written);
                    var read = await body.ReadAtLeastAsync(buffer.AsMemory(0, most), most, throwOnEndOfStream: true, cancellation);
                    if (written == 0) type = PictureType.Of(buffer.AsSpan(0, read));
                    if (!await TryAsync(file, buffer.AsMemory(0, read))) return null;
                    written += read;
                }

                if (!await TryFinishAsync(file)) return null;
                File.Move(part, path);
                whole = true;
                return new StoredFile(id, type, length);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            if (!whole) TryDelete(part);
        }
    }

    /// <summary>Null when it is not there.</summary>
    public Stream? Open(string meetingId, string fileId)
    {
        try
        {
            return new FileStream(PathOf(meetingId, fileId), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, BufferSize, FileOptions.Asynchronous | FileOptions.SequentialScan);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public void Delete(string meetingId, string fileId) => TryDelete(PathOf(meetingId, fileId));

    /// <summary>Those of a whole meeting.</summary>
    public void DeleteAll(string meetingId)
    {
        try
        {
            Directory.Delete(Path.Combine(_folder, meetingId), recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It had none; or what cannot be deleted now is swept away at the next start.
        }
    }

    /// <summary>Deletes what is not among those that are known, also halves of uploads.</summary>
    /// <returns>How many there were.</returns>
    public int Sweep(string meetingId, IReadOnlySet<string> known)
    {
        var folder = Path.Combine(_folder, meetingId);
        string[] strange = [.. Directory.EnumerateFiles(folder).Where(path => !known.Contains(Path.GetFileName(path)))];
        foreach (var path in strange) TryDelete(path);
        if (known.Count == 0) DeleteAll(meetingId);
        return strange.Length;
    }

    private string PathOf(string meetingId, string fileId) => Path.Combine(_folder, meetingId, fileId);

    /// <summary>A disk that is full of files would lose the records as well.</summary>
    private bool HasRoom(long length)
    {
        try
        {
            Directory.CreateDirectory(_folder);
            return new DriveInfo(_folder).AvailableFreeSpace - length >= keepFree;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static FileStream? Create(string path)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            var options = new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                Share = FileShare.Delete,
                BufferSize = 0,
                Options = FileOptions.Asynchronous,
            };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            return new FileStream(path, options);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static async Task<bool> TryAsync(FileStream file, ReadOnlyMemory<byte> bytes)
    {
        try
        {
            await file.WriteAsync(bytes, CancellationToken.None);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>On the disk before anybody is told of it; fsync blocks, and that not here.</summary>
    private static async Task<bool> TryFinishAsync(FileStream file)
    {
        try
        {
            await Task.Run(() => file.Flush(flushToDisk: true));
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Swept away at the next start.
        }
    }
}

/// <summary>A file that is whole on the disk, and not yet in the records.</summary>
internal sealed record StoredFile(string Id, string Type, long Size);
