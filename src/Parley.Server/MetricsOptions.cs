namespace Parley.Server;

/// <summary>Who may read the figures of the server (<c>Parley:Metrics</c>).</summary>
public sealed class MetricsOptions
{
    /// <summary>What Prometheus shows at /metrics, at least 16 characters; empty means that there is no such page.</summary>
    public string Token { get; set; } = "";
}
