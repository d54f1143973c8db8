namespace Parley.Terminal.Tests.Join.Media;

/// <summary>A shell script in the place of ffmpeg.</summary>
internal sealed class FakeProgram : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("parley-fake-");

    public FakeProgram(string script)
    {
        Path = System.IO.Path.Combine(_folder.FullName, "ffmpeg");
        File.WriteAllText(Path, "#!/bin/sh\n" + script + "\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    public string Path { get; }

    /// <summary>A file beside it.</summary>
    public string Beside(string name) => System.IO.Path.Combine(_folder.FullName, name);

    public void Dispose() => _folder.Delete(recursive: true);
}
