namespace Parley.Server;

/// <summary>Where events may be sent (<c>Parley:Webhooks</c>).</summary>
public sealed class WebhookOptions
{
    /// <summary>Whether also to private, loopback and link-local addresses, and by plain HTTP: for programs in one's own network.</summary>
    public bool AllowPrivateAddresses { get; set; }
}
