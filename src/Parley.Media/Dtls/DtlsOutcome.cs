using System.Diagnostics.CodeAnalysis;

namespace Parley.Media.Dtls;

/// <summary>How one handshake ended: keys and a connection, or a reason.</summary>
public sealed record DtlsOutcome
{
    /// <summary>Why there are no keys; <see cref="DtlsFailure.None"/> when there are.</summary>
    public required DtlsFailure Failure { get; init; }

    /// <summary>The keys for SRTP.</summary>
    public DtlsKeys? Keys { get; init; }

    /// <summary>The association, which outlives the handshake: it answers resent flights and knows close_notify.</summary>
    public DtlsConnection? Connection { get; init; }

    /// <summary>
    /// The alert description (RFC 5246 §7.2) received with <see cref="DtlsFailure.AlertReceived"/>, else the one sent, if any.
    /// </summary>
    public byte? Alert { get; init; }

    /// <summary>Whether there are keys.</summary>
    [MemberNotNullWhen(true, nameof(Keys), nameof(Connection))]
    public bool Succeeded => Failure == DtlsFailure.None && Keys is not null && Connection is not null;

    internal static DtlsOutcome Failed(DtlsFailure failure, short? alert = null) =>
        new() { Failure = failure, Alert = (byte?)alert };
}
