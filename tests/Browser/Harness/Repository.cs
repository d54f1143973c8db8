namespace Parley.Browser.Harness;

/// <summary>Where things lie in the repository that this test was built in.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>The web client as built by <c>scripts/build-web</c>.</summary>
    public static string WebRoot => Path.Combine(Root, "web", "dist");

    /// <summary>`parley`, built with the same configuration as this test.</summary>
    public static string Program
    {
        get
        {
            var configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
            return Path.Combine(Root, "artifacts", "bin", "Parley.Terminal", configuration, OperatingSystem.IsWindows() ? "parley.exe" : "parley");
        }
    }

    /// <summary>What a failed test leaves behind.</summary>
    public static string Failures => Path.Combine(Root, "artifacts", "browser");

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Parley.slnx"))) return folder.FullName;
        }

        throw new InvalidOperationException($"{AppContext.BaseDirectory} is not inside of the repository.");
    }
}
