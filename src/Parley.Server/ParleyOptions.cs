namespace Parley.Server;

/// <summary>Everything that can be configured, bound from the section <c>Parley</c>. docs/configuration.md describes each key.</summary>
public sealed class ParleyOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Parley";

    /// <summary>Where records, keys and certificates are kept; relative to the working directory.</summary>
    public string DataFolder { get; set; } = "data";

    /// <summary>The built web client; empty means <c>wwwroot</c> beside the executable.</summary>
    public string WebRoot { get; set; } = "";

    /// <summary>Origins besides the server's own whose pages may use the hub and the API.</summary>
    public IList<string> AllowedOrigins { get; } = [];

    public HttpOptions Http { get; set; } = new();

    public MediaOptions Media { get; set; } = new();

    public TurnOptions Turn { get; set; } = new();

    public LimitOptions Limits { get; set; } = new();

    public RatesOptions Rates { get; set; } = new();

    public PeerToPeerOptions PeerToPeer { get; set; } = new();

    public GraceOptions Grace { get; set; } = new();

    public FilesOptions Files { get; set; } = new();

    public RecordsOptions Records { get; set; } = new();

    public AdminOptions Admin { get; set; } = new();

    public JoinTokenOptions JoinTokens { get; set; } = new();

    public WebhookOptions Webhooks { get; set; } = new();

    public EmbeddingOptions Embedding { get; set; } = new();

    public MetricsOptions Metrics { get; set; } = new();
}
