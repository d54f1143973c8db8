using Parley.Media.Stun;

namespace Parley.Media.Ice;

/// <summary>
/// Asks a STUN server what address a base has on its side of the NATs (RFC 8489 §2, RFC 8445 §5.1.1.2): one Binding request
/// without credentials, resent as §6.2.1 says.
/// </summary>
internal sealed class StunQuery(TransportAddress server)
{
    private readonly StunTransaction _transaction = new();

    public TransportAddress Server => server;

    /// <summary>Whether an answer is waited for.</summary>
    public bool IsPending => _transaction.IsPending;

    /// <summary>When to call <see cref="TryResend"/>; MaxValue for never.</summary>
    public TimeSpan Deadline => _transaction.Deadline;

    /// <summary>The request's bytes.</summary>
    public ReadOnlySpan<byte> Request => _transaction.Request;

    /// <summary>Makes the request, which the caller sends now.</summary>
    public void Start(RandomSource random, TimeSpan now)
    {
        Span<byte> transactionId = stackalloc byte[StunMessage.TransactionIdLength];
        random.Fill(transactionId);
        var request = new StunWriter(
            stackalloc byte[StunMessage.HeaderLength + 8], StunClass.Request, StunMethod.Binding, transactionId);
        request.WriteFingerprint();
        _transaction.Start(request.Written, now);
    }

    /// <summary>Whether the request is to be sent again now.</summary>
    public bool TryResend(TimeSpan now) => _transaction.HandleTimeout(now) == StunTransactionStep.Resend;

    /// <summary>
    /// Whether a datagram from the server answers our request; the query is over then. Any other is not for us, be it from
    /// the same address: a media server may tell addresses on its one port.
    /// </summary>
    /// <param name="datagram">Any bytes.</param>
    /// <param name="mapped">The base's address as the server sees it; null when it answers with an error.</param>
    public bool TryTake(ReadOnlySpan<byte> datagram, out TransportAddress? mapped)
    {
        mapped = null;
        if (!IsPending
            || StunMessage.TryParse(datagram, out var answer) != StunParseResult.Ok
            || answer.Class is not (StunClass.SuccessResponse or StunClass.ErrorResponse)
            || !_transaction.Matches(answer))
        {
            return false;
        }

        _transaction.End();
        mapped = answer.Class == StunClass.SuccessResponse ? answer.XorMappedAddress : null;
        return true;
    }

    /// <summary>Waits no longer.</summary>
    public void End() => _transaction.End();
}
