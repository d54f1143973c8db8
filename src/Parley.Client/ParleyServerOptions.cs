using Microsoft.Extensions.Logging;

namespace Parley.Client;

/// <summary>How to talk to a server.</summary>
public sealed record ParleyServerOptions
{
    /// <summary>
    /// Whether to take any certificate of an HTTPS server, also one signed by itself. Then nothing proves who answers: for
    /// development, or where <see cref="CertificateSha256"/> cannot be known.
    /// </summary>
    public bool AcceptAnyCertificate { get; init; }

    /// <summary>
    /// The SHA-256 of the one certificate to take, in hexadecimal with or without colons, whoever has signed it. Null: whatever
    /// this machine trusts.
    /// </summary>
    public string? CertificateSha256 { get; init; }

    /// <summary>What carries the REST requests instead of one's own; stays the caller's. The hub's WebSocket does not use it.</summary>
    public HttpMessageHandler? HttpHandler { get; init; }

    /// <summary>The clock of all timeouts and retries.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Where to log; null for nowhere.</summary>
    public ILoggerFactory? LoggerFactory { get; init; }
}
