using Parley.Media.Stun;

namespace Parley.Media.Turn;

/// <summary>
/// A TURN client over UDP (RFC 8656) with long-term credentials (RFC 8489 §9.2): one allocation, refreshed by itself, and
/// the peers behind it. Datagrams from <see cref="Server"/> go in by <see cref="TryHandle"/>, those for it come out of the
/// sink given. For one thread at a time. Data in either direction allocates nothing.
/// </summary>
public sealed partial class TurnClient
{
    private const byte Udp = 17;

    // A server needs one to make itself known and one whenever a nonce has grown old; more in a row lead nowhere.
    private const int MaxChallenges = 3;

    private const uint DefaultLifetime = 600;
    private const uint MaxLifetime = 3600;

    private readonly TurnCredentials _credentials;
    private readonly RandomSource _random;
    private readonly IDatagramSink _output;
    private readonly bool _relayIPv6;
    private readonly StunTransaction _allocation = new();
    private readonly byte[] _scratch = new byte[StunMessage.MaxLength];
    private TimeSpan _refreshAt;
    private int _challenges;
    private bool _redirected;

    /// <summary>Begins: the first request leaves at the first <see cref="HandleTimeout"/>, which is due at once.</summary>
    /// <param name="server">The server's address.</param>
    /// <param name="username">The long-term user name: at most 508 bytes in UTF-8.</param>
    /// <param name="password">The password. A secret.</param>
    /// <param name="random">Where transaction ids come from; they must not be guessable.</param>
    /// <param name="now">The time, from any origin.</param>
    /// <param name="output">Takes datagrams for the server.</param>
    /// <param name="relayIPv6">Whether the relayed address shall be an IPv6 one (RFC 8656 §18.6) and not an IPv4 one.</param>
    public TurnClient(
        TransportAddress server,
        string username,
        string password,
        RandomSource random,
        TimeSpan now,
        IDatagramSink output,
        bool relayIPv6 = false)
    {
        Server = server;
        _credentials = new TurnCredentials(username, password);
        _random = random;
        _output = output;
        _relayIPv6 = relayIPv6;
        _refreshAt = now;
        if (!_credentials.AreUsable)
        {
            Fail(TurnErrors.BadCredentials);
        }
    }

    /// <summary>The server's address. Another one after it has sent us to an alternate server (RFC 8489 §10), which is followed once.</summary>
    public TransportAddress Server { get; private set; }

    /// <summary>Where it stands.</summary>
    public TurnState State { get; private set; } = TurnState.Allocating;

    /// <summary>The relayed address: what peers send to. Null before the allocation.</summary>
    public TransportAddress? Relayed { get; private set; }

    /// <summary>Our address as the server sees it: a server-reflexive candidate. Null before the allocation.</summary>
    public TransportAddress? Mapped { get; private set; }

    /// <summary>Why it failed, in a sentence of ours; null when it did not.</summary>
    public string? Error { get; private set; }

    /// <summary>The server's error code that it failed for, 300–699; null when there was none.</summary>
    public int? ErrorCode { get; private set; }

    /// <summary>When <see cref="HandleTimeout"/> has something to do; MaxValue for never.</summary>
    public TimeSpan NextDeadline
    {
        get
        {
            if (IsOver)
            {
                return TimeSpan.MaxValue;
            }

            var deadline = _allocation.IsPending ? _allocation.Deadline : _refreshAt;
            var peers = State == TurnState.Allocated ? PeersDeadline() : TimeSpan.MaxValue;
            return deadline < peers ? deadline : peers;
        }
    }

    private bool IsOver => State is TurnState.Failed or TurnState.Closed;

    /// <summary>
    /// Whether a datagram from a server's address may be TURN at all: ChannelData, or STUN of another method than Binding.
    /// All else is for others on the same port.
    /// </summary>
    public static bool LooksLikeTurn(ReadOnlySpan<byte> datagram) =>
        ChannelData.LooksLikeChannelData(datagram)
        || (StunMessage.LooksLikeStun(datagram) && StunMessage.MethodOf(datagram) != StunMethod.Binding);

    /// <summary>Handles a datagram that came from <see cref="Server"/>, any bytes.</summary>
    /// <param name="datagram">The datagram.</param>
    /// <param name="now">The time.</param>
    /// <param name="peer">Who sent the data, when true.</param>
    /// <param name="data">A part of the datagram, when true: what a peer sent through the relay. May be empty.</param>
    /// <returns>True when data came out; answers to our requests are dealt with here, and all else is dropped.</returns>
    public bool TryHandle(ReadOnlySpan<byte> datagram, TimeSpan now, out TransportAddress peer, out ReadOnlySpan<byte> data)
    {
        peer = default;
        data = default;
        if (IsOver)
        {
            return false;
        }

        if (ChannelData.LooksLikeChannelData(datagram))
        {
            return State == TurnState.Allocated && TryTakeChannelData(datagram, now, out peer, out data);
        }

        if (StunMessage.TryParse(datagram, out var message) != StunParseResult.Ok)
        {
            return false;
        }

        if (message.Class == StunClass.Indication)
        {
            return State == TurnState.Allocated
                && message.Method == StunMethod.Data
                && TryTakeIndication(message, now, out peer, out data);
        }

        if (message.Class != StunClass.Request && IsCredible(message))
        {
            HandleAnswer(message, now);
        }

        return false;
    }

    /// <summary>Sends what is due: the first request, resends and refreshes. Harmless when nothing is.</summary>
    public void HandleTimeout(TimeSpan now)
    {
        if (IsOver)
        {
            return;
        }

        switch (_allocation.HandleTimeout(now))
        {
            case StunTransactionStep.Resend:
                _output.Send(Server, _allocation.Request);
                break;
            case StunTransactionStep.TimedOut:
                Fail(TurnErrors.NoAnswer);
                return;
            case StunTransactionStep.None when !_allocation.IsPending && now >= _refreshAt:
                _challenges = 0;
                RequestAllocation(now);
                break;
        }

        if (State == TurnState.Allocated)
        {
            HandlePeerTimeouts(now);
        }
    }

    /// <summary>Gives the allocation back (a Refresh of 0, RFC 8656 §8) and ends. One that is only asked for times out at the server.</summary>
    public void Close(TimeSpan now)
    {
        if (State == TurnState.Allocated)
        {
            var request = Begin(StunMethod.Refresh);
            request.WriteLifetime(0);
            Finish(ref request, _allocation, now);
        }

        if (!IsOver)
        {
            State = TurnState.Closed;
            End();
        }
    }

    /// <summary>
    /// With the wrong integrity an answer counts as never received (RFC 8489 §9.2.5), and a success counts only with the
    /// right one once we have a key. An error without integrity is believed: servers send several so, and who can see our
    /// transaction ids could as well keep our requests from arriving.
    /// </summary>
    private bool IsCredible(in StunMessage answer) =>
        !_credentials.AreChallenged
        || (answer.HasIntegrity ? _credentials.Verify(answer) : answer.Class == StunClass.ErrorResponse);

    private void HandleAnswer(in StunMessage answer, TimeSpan now)
    {
        if (!_allocation.Matches(answer))
        {
            HandlePeerAnswer(answer, now);
            return;
        }

        _allocation.End();
        if (answer.Class == StunClass.ErrorResponse)
        {
            HandleError(answer, now);
        }
        else if (State == TurnState.Allocated)
        {
            ScheduleRefresh(answer.Lifetime ?? DefaultLifetime, now);
        }
        else if (answer is { XorRelayedAddress: { Port: > 0 } relayed, XorMappedAddress: { } mapped }
            && relayed.IsIPv4 != _relayIPv6)
        {
            Relayed = relayed;
            Mapped = mapped;
            State = TurnState.Allocated;
            ScheduleRefresh(answer.Lifetime ?? DefaultLifetime, now);
            HandlePeerTimeouts(now);
        }
        else
        {
            Fail(TurnErrors.BadAnswer);
        }
    }

    private void HandleError(in StunMessage answer, TimeSpan now)
    {
        var code = answer.ErrorCode ?? 0;
        var challenges = _challenges;
        if (TryAnswerChallenge(answer, code, ref challenges))
        {
            _challenges = challenges;
            RequestAllocation(now);
        }
        else if (code == 300 && State == TurnState.Allocating && TryRedirect(answer))
        {
            RequestAllocation(now);
        }
        else
        {
            ErrorCode = code;
            Fail(TurnErrors.Describe(code));
        }
    }

    /// <summary>A 401 to a request without credentials, or a 438, is no refusal but asks for another request (RFC 8489 §9.2.5).</summary>
    private bool TryAnswerChallenge(in StunMessage answer, int code, ref int challenges) =>
        (code == 438 || (code == 401 && !_credentials.AreChallenged))
        && challenges++ < MaxChallenges
        && _credentials.TryTakeChallenge(answer);

    /// <summary>RFC 8489 §10. Once we have authenticated, only an authentic answer may send us elsewhere.</summary>
    private bool TryRedirect(in StunMessage answer)
    {
        if (_redirected
            || (_credentials.AreChallenged && !answer.HasIntegrity)
            || answer.AlternateServer is not { Port: > 0 } alternate
            || alternate.IsIPv4 != Server.IsIPv4
            || alternate == Server)
        {
            return false;
        }

        _redirected = true;
        _challenges = 0;
        _credentials.Forget();
        Server = alternate;
        return true;
    }

    private void RequestAllocation(TimeSpan now)
    {
        var request = Begin(State == TurnState.Allocated ? StunMethod.Refresh : StunMethod.Allocate);
        if (State == TurnState.Allocating)
        {
            request.WriteRequestedTransport(Udp);
            if (_relayIPv6)
            {
                request.WriteRequestedAddressFamily(StunXorAddress.FamilyIPv6);
            }
        }

        Finish(ref request, _allocation, now);
    }

    /// <summary>A minute before it ends, so that a refresh may be lost and resent (RFC 8656 §8.1); halfway when it is short.</summary>
    private void ScheduleRefresh(uint lifetime, TimeSpan now)
    {
        var seconds = Math.Clamp(lifetime, 2, MaxLifetime);
        _refreshAt = now + TimeSpan.FromSeconds(seconds > 120 ? seconds - 60 : seconds / 2);
    }

    private StunWriter Begin(StunMethod method)
    {
        Span<byte> transactionId = stackalloc byte[StunMessage.TransactionIdLength];
        _random.Fill(transactionId);
        return new StunWriter(_scratch, StunClass.Request, method, transactionId);
    }

    private void Finish(ref StunWriter request, StunTransaction transaction, TimeSpan now)
    {
        _credentials.Seal(ref request);
        transaction.Start(request.Written, now);
        _output.Send(Server, request.Written);
    }

    private void Fail(string error)
    {
        Error = error;
        State = TurnState.Failed;
        End();
    }

    private void End()
    {
        _allocation.End();
        ClearPeers();
    }
}
