namespace Parley.Server;

/// <summary>Whose pages may show a meeting in a frame (<c>Parley:Embedding</c>).</summary>
public sealed class EmbeddingOptions
{
    /// <summary>Origins like <c>https://example.org</c>; none means nobody's.</summary>
    public IList<string> Origins { get; } = [];
}
