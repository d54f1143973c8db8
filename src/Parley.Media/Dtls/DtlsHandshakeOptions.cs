namespace Parley.Media.Dtls;

/// <summary>The timing and sizes of one handshake.</summary>
public sealed record DtlsHandshakeOptions
{
    /// <summary>10 s in all, first resend after 150 ms, datagrams of 1200 bytes.</summary>
    public static DtlsHandshakeOptions Default { get; } = new();

    /// <summary>How long the whole handshake may take. Positive.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// When an unanswered flight is sent again first; each further wait doubles. RFC 6347 §4.2.4.1 suggests 1 s and lets
    /// time-sensitive applications use less: media waits for this.
    /// </summary>
    public TimeSpan InitialResend { get; init; } = TimeSpan.FromMilliseconds(150);

    /// <summary>The largest datagram we send, in bytes of UDP payload; 1200 fits every path (RFC 8831 §5). 256–16384.</summary>
    public int MaxSendLength { get; init; } = 1200;

    internal int TimeoutMillis => Math.Max(1, (int)Timeout.TotalMilliseconds);

    internal int InitialResendMillis => Math.Max(1, (int)InitialResend.TotalMilliseconds);
}
