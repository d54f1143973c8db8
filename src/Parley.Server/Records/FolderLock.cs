namespace Parley.Server.Records;

/// <summary>
/// One process per data folder: two would each keep its own truth about the same meetings. The operating system drops the
/// lock with the process, so a kill -9 leaves nothing to clean up. The file itself stays: removing it would race with the
/// next start.
/// </summary>
internal sealed class FolderLock : IDisposable
{
    public const string FileName = "parley.lock";

    // How .NET reports a file that another holds: EAGAIN on Linux and on macOS, ERROR_SHARING_VIOLATION on Windows.
    private const int LinuxAgain = 11;
    private const int MacAgain = 35;
    private const int WindowsSharingViolation = unchecked((int)0x80070020);

    private readonly FileStream _file;

    private FolderLock(FileStream file) => _file = file;

    /// <exception cref="RecordsUnavailableException">Another process holds the folder, or it cannot be written.</exception>
    public static FolderLock Take(string folder)
    {
        try
        {
            return new FolderLock(new FileStream(
                Path.Combine(folder, FileName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0));
        }
        catch (IOException e) when (e.HResult is LinuxAgain or MacAgain or WindowsSharingViolation)
        {
            throw new RecordsUnavailableException(
                folder, "another Parley process is using this data folder. Stop it, or give this one a folder of its own", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RecordsUnavailableException(folder, $"the data folder cannot be written ({e.Message})", e);
        }
    }

    public void Dispose() => _file.Dispose();
}
