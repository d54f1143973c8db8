using System.Xml.Linq;

namespace Parley.Media.Tests;

/// <summary>Dependencies point one way (docs/architecture.md): this is the one test that holds them.</summary>
public sealed class ArchitectureTests
{
    [Fact]
    public void Media_knows_no_server_and_no_sockets()
    {
        var referenced = typeof(TransportAddress).Assembly.GetReferencedAssemblies().Select(a => a.Name!).ToList();

        Assert.DoesNotContain(referenced, name => name.StartsWith("Parley.", StringComparison.Ordinal));
        Assert.DoesNotContain("System.Net.Sockets", referenced);
        Assert.DoesNotContain(referenced, name => name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal));
    }

    [Fact]
    public void Sockets_know_the_engine_only_and_the_server_no_client()
    {
        Assert.Equal(["Parley.Media"], ReferencesOf("Parley.Sockets"));
        Assert.DoesNotContain("Parley.Client", ReferencesOf("Parley.Server"));
        Assert.DoesNotContain("Parley.Server", ReferencesOf("Parley.Client"));
    }

    /// <summary>What of ours a project names in its file, which the compiled assembly may not show.</summary>
    private static List<string> ReferencesOf(string project)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Parley.slnx"))) folder = folder.Parent!;
        return [.. XDocument.Load(Path.Combine(folder.FullName, "src", project, $"{project}.csproj"))
            .Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')))];
    }
}
