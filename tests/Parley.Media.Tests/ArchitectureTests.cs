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
}
