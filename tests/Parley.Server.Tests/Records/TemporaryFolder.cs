namespace Parley.Server.Tests.Records;

/// <summary>A data folder of one test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("parley-records-").FullName;

    public string Database => System.IO.Path.Combine(Path, "parley.db");

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
