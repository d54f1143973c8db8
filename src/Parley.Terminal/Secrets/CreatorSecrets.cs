using System.Text.Json;
using Parley.Client;

namespace Parley.Terminal.Secrets;

/// <summary>
/// The creator secrets of this user's meetings, in a file that only the user can read (mode 0600). It is replaced as a whole, so
/// that no crash leaves half of it, and never when it could not be read. Many processes may use it at once.
/// </summary>
/// <param name="file">Its full path; the folder is made when the first secret is kept.</param>
internal sealed class CreatorSecrets(string file, TimeProvider clock)
{
    /// <summary>The oldest go first.</summary>
    private const int MostKept = 500;

    private const int LargestFile = 1024 * 1024;

    /// <summary>No meeting is open for so long.</summary>
    private static readonly TimeSpan KeptFor = TimeSpan.FromDays(30);

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan BetweenAttempts = TimeSpan.FromMilliseconds(20);

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true, RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true };

    /// <summary>$XDG_STATE_HOME/parley/secrets.json, or ~/.local/state/parley/secrets.json.</summary>
    /// <exception cref="ParleyException">This user has no home.</exception>
    public static CreatorSecrets OfUser(TimeProvider clock)
    {
        // The XDG Base Directory Specification: a relative path is to be ignored.
        var state = Environment.GetEnvironmentVariable("XDG_STATE_HOME");
        if (state is null || !Path.IsPathFullyQualified(state))
        {
            var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
            if (home.Length == 0) throw new ParleyException(ParleyError.Invalid, "Neither HOME nor XDG_STATE_HOME says where to keep creator secrets.");
            state = Path.Combine(home, ".local", "state");
        }

        return new CreatorSecrets(Path.Combine(state, "parley", "secrets.json"), clock);
    }

    /// <summary>Finds out whether the file can be read, or is not there yet.</summary>
    /// <exception cref="ParleyException">It cannot; the message names it.</exception>
    public void Check() => Read();

    /// <returns>Null when none is kept.</returns>
    /// <exception cref="ParleyException">The file cannot be read.</exception>
    public string? Find(Uri server, string meetingId) => Read().LastOrDefault(kept => kept.IsOf(server, meetingId))?.Secret;

    /// <exception cref="ParleyException">The file cannot be read or written.</exception>
    public Task KeepAsync(Uri server, string meetingId, string secret) => ChangeAsync(all =>
    [
        .. all.Where(kept => !kept.IsOf(server, meetingId)),
        new KeptSecret(KeptSecret.OriginOf(server), meetingId, secret, clock.GetUtcNow()),
    ]);

    /// <exception cref="ParleyException">The file cannot be read or written.</exception>
    public async Task ForgetAsync(Uri server, string meetingId)
    {
        if (Find(server, meetingId) is not null) await ChangeAsync(all => [.. all.Where(kept => !kept.IsOf(server, meetingId))]);
    }

    private IReadOnlyList<KeptSecret> Read()
    {
        try
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            if (stream.Length > LargestFile) throw Unreadable($"it has more than {LargestFile} bytes");
            var content = JsonSerializer.Deserialize<SecretsFile>(stream, Json) ?? throw Unreadable("it is empty");
            if (content.Version != SecretsFile.CurrentVersion) throw Unreadable($"it is of version {content.Version}, made by another Parley");
            return content.Secrets.Contains(null!) ? throw Unreadable("a secret in it is null") : content.Secrets;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return [];
        }
        catch (JsonException e)
        {
            throw Unreadable($"line {(e.LineNumber ?? 0) + 1} is not what Parley writes", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(e.Message, e);
        }
    }

    private async Task ChangeAsync(Func<IReadOnlyList<KeptSecret>, IReadOnlyList<KeptSecret>> change)
    {
        try
        {
            var folder = Path.GetDirectoryName(file)!;
            if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
            else Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            await using var alone = await LockAsync();
            var oldest = clock.GetUtcNow() - KeptFor;
            var changed = change(Read()).Where(kept => kept.CreatedAt >= oldest).TakeLast(MostKept).ToArray();
            var next = $"{file}.{Environment.ProcessId}.new";
            try
            {
                await using (var stream = new FileStream(next, Private(FileMode.Create)))
                {
                    await JsonSerializer.SerializeAsync(stream, new SecretsFile(SecretsFile.CurrentVersion, changed), Json);
                    stream.Flush(flushToDisk: true);
                }

                File.Move(next, file, overwrite: true);
            }
            finally
            {
                File.Delete(next);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ParleyException(ParleyError.Invalid, $"The creator secrets in {file} cannot be written: {e.Message}", inner: e);
        }
    }

    /// <summary>Waits until no other process changes the file. The lock file stays: deleting it would let two in.</summary>
    private async Task<FileStream> LockAsync()
    {
        var began = clock.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileStream(file + ".lock", Private(FileMode.OpenOrCreate));
            }
            catch (IOException) when (File.Exists(file + ".lock") && clock.GetElapsedTime(began) < LongestWait)
            {
                await Task.Delay(BetweenAttempts, clock);
            }
        }
    }

    private static FileStreamOptions Private(FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return options;
    }

    private ParleyException Unreadable(string why, Exception? inner = null) => new(
        ParleyError.Invalid, $"The creator secrets in {file} cannot be read: {why}. Mend the file or move it away; nothing was changed.", inner: inner);
}
