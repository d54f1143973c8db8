namespace Parley.Media.Ice;

/// <summary>
/// Asks a STUN server again and again how the world sees our socket (RFC 8489 §2), for a server behind NAT: the questions go out by
/// the media socket itself, so they also keep the NAT's binding open. Only an answer to our own open question, from the address it
/// was put to, is believed: 96 random bits that nobody off the path has seen.
/// </summary>
/// <param name="server">Whom to ask.</param>
/// <param name="random">Where transaction ids come from: a secret of the question.</param>
public sealed class MappedAddress(TransportAddress server, RandomSource random)
{
    /// <summary>From an answer to the next question: NATs keep a UDP binding for 30 s at least in practice (RFC 4787 §4.3 asks for 2 min).</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(25);

    private readonly StunQuery _query = new(server);
    private TimeSpan _nextQuestion;

    /// <summary>Whom we ask.</summary>
    public TransportAddress Server => server;

    /// <summary>Our socket's address and port as the server saw them last; null before its first answer.</summary>
    public TransportAddress? Current { get; private set; }

    /// <summary>Whether the last question was asked seven times (RFC 8489 §6.2.1) in vain.</summary>
    public bool IsSilent { get; private set; }

    /// <summary>When <see cref="HandleTimeout"/> has something to do.</summary>
    public TimeSpan NextDeadline => _query.IsPending ? _query.Deadline : _nextQuestion;

    /// <summary>Returns what to send to the server now; empty for nothing.</summary>
    public ReadOnlySpan<byte> HandleTimeout(TimeSpan now)
    {
        if (_query.IsPending)
        {
            if (_query.TryResend(now)) return _query.Request;
            if (_query.IsPending) return default;
            IsSilent = true;
            _nextQuestion = now + Interval;
        }

        if (now < _nextQuestion) return default;
        _query.Start(random, now);
        return _query.Request;
    }

    /// <summary>Whether a datagram was the answer that was waited for; any other is not for us, be it from the server.</summary>
    /// <param name="datagram">Any bytes.</param>
    /// <param name="from">Where it came from.</param>
    /// <param name="now">The time.</param>
    public bool TryTake(ReadOnlySpan<byte> datagram, TransportAddress from, TimeSpan now)
    {
        // Which of our addresses it came to is nothing we asked for.
        if (from != server with { Local = from.Local } || !_query.TryTake(datagram, out var mapped)) return false;
        _nextQuestion = now + Interval;
        IsSilent = mapped is null;

        // What is no address of one peer is told to nobody.
        if (mapped is { } seen && seen.IsUnicast() && seen.IsIPv4 == server.IsIPv4) Current = seen;
        return true;
    }
}
