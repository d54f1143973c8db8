namespace Parley.Media.Stun;

/// <summary>What is due on a transaction.</summary>
internal enum StunTransactionStep
{
    /// <summary>Nothing yet.</summary>
    None,

    /// <summary>Send <see cref="StunTransaction.Request"/> again.</summary>
    Resend,

    /// <summary>It was sent for the last time long enough ago: there will be no answer.</summary>
    TimedOut,
}

/// <summary>
/// One request over UDP and when to send it again (RFC 8489 §6.2.1): after 500 ms, then doubled, seven times in all, and
/// given up 16 × 500 ms after the last. Used again for one request after another.
/// </summary>
internal sealed class StunTransaction
{
    private const int MaxSends = 7;
    private static readonly TimeSpan Rto = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LastWait = 16 * Rto;

    private byte[] _request = [];
    private int _length;
    private int _sends;
    private TimeSpan _wait;

    /// <summary>Whether an answer is waited for.</summary>
    public bool IsPending { get; private set; }

    /// <summary>When the next step is due; MaxValue when none is.</summary>
    public TimeSpan Deadline { get; private set; } = TimeSpan.MaxValue;

    /// <summary>The bytes of the request.</summary>
    public ReadOnlySpan<byte> Request => _request.AsSpan(0, _length);

    /// <summary>Begins with a request, copied, that is being sent now. One that is still pending is forgotten.</summary>
    public void Start(ReadOnlySpan<byte> request, TimeSpan now)
    {
        if (_request.Length < request.Length)
        {
            _request = new byte[request.Length];
        }

        request.CopyTo(_request);
        _length = request.Length;
        _sends = 1;
        _wait = Rto;
        Deadline = now + _wait;
        IsPending = true;
    }

    /// <summary>Whether a response answers this request: 96 random bits and the method are the same.</summary>
    public bool Matches(in StunMessage response) =>
        IsPending
        && response.TransactionId.SequenceEqual(Request.Slice(8, StunMessage.TransactionIdLength))
        && StunMessage.MethodOf(Request) == response.Method;

    /// <summary>Says what is due, and counts it as done.</summary>
    public StunTransactionStep HandleTimeout(TimeSpan now)
    {
        if (!IsPending || now < Deadline)
        {
            return StunTransactionStep.None;
        }

        if (_sends == MaxSends)
        {
            End();
            return StunTransactionStep.TimedOut;
        }

        _sends++;
        _wait *= 2;
        Deadline = now + (_sends == MaxSends ? LastWait : _wait);
        return StunTransactionStep.Resend;
    }

    /// <summary>It has been answered, or nobody wants to know any more.</summary>
    public void End()
    {
        IsPending = false;
        Deadline = TimeSpan.MaxValue;
    }
}
