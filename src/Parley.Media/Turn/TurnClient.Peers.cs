using Parley.Media.Stun;

namespace Parley.Media.Turn;

/// <content>
/// The peers. Each gets a channel at once: a ChannelBind installs the permission too (RFC 8656 §12), so one request does
/// for both, sent again before the permission's five minutes are over.
/// </content>
public sealed partial class TurnClient
{
    /// <summary>How many peers are kept at once: more than two sides have candidates.</summary>
    public const int MaxPeers = 32;

    /// <summary>The longest data sent, in bytes.</summary>
    public const int MaxPayload = 1500;

    private const int IndicationOverhead = 64;

    private static readonly TimeSpan BindEvery = TimeSpan.FromMinutes(4);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(10);

    /// <summary>How long a peer must have been of no use before another may take its place.</summary>
    private static readonly TimeSpan Unused = TimeSpan.FromSeconds(30);

    private readonly TurnPeer[] _peers = new TurnPeer[MaxPeers];
    private readonly byte[] _outgoing = new byte[IndicationOverhead + MaxPayload];
    private int _peerCount;
    private ushort _nextChannel = ChannelData.MinChannel;

    /// <summary>
    /// Lets a peer send to us through the relay, and us to it: with permission and channel, refreshed by itself from now
    /// on. May be called before the allocation is there, and again.
    /// </summary>
    /// <returns>
    /// False when the server does not relay to it, its family is not the relayed address's, or there are <see cref="MaxPeers"/>
    /// and all in use.
    /// </returns>
    public bool EnsurePeer(TransportAddress peer, TimeSpan now)
    {
        if (IsOver || peer.Port == 0 || peer.IsIPv4 == _relayIPv6)
        {
            return false;
        }

        if (Find(peer) is { } known)
        {
            known.LastUsed = now;
            return !known.IsRefused;
        }

        // RFC 8656 §12: a number must not go to another peer until it has been free for a while, so none is used twice.
        var slot = _nextChannel > ChannelData.MaxChannel ? -1 : FreeSlot(now);
        if (slot < 0)
        {
            return false;
        }

        var added = new TurnPeer(peer, _nextChannel++) { RefreshAt = now, LastUsed = now };
        _peers[slot] = added;
        if (State == TurnState.Allocated)
        {
            Bind(added, now);
        }

        return true;
    }

    /// <summary>Sends data to a peer: in its channel, or as a Send indication until the server has confirmed that.</summary>
    /// <param name="peer">One that was ensured.</param>
    /// <param name="payload">At most <see cref="MaxPayload"/> bytes.</param>
    /// <param name="now">The time.</param>
    /// <returns>False when it was dropped: no allocation, no such peer, refused or too long.</returns>
    public bool Send(TransportAddress peer, ReadOnlySpan<byte> payload, TimeSpan now)
    {
        if (State != TurnState.Allocated || payload.Length > MaxPayload || Find(peer) is not { IsRefused: false } known)
        {
            return false;
        }

        known.LastUsed = now;
        if (known.IsBound)
        {
            var length = ChannelData.Write(_outgoing, known.Channel, payload);
            _output.Send(Server, _outgoing.AsSpan(0, length));
            return true;
        }

        Span<byte> transactionId = stackalloc byte[StunMessage.TransactionIdLength];
        _random.Fill(transactionId);
        var indication = new StunWriter(_outgoing, StunClass.Indication, StunMethod.Send, transactionId);
        indication.WriteXorPeerAddress(peer);
        indication.WriteData(payload);
        _output.Send(Server, indication.Written);
        return true;
    }

    private bool TryTakeChannelData(
        ReadOnlySpan<byte> datagram, TimeSpan now, out TransportAddress peer, out ReadOnlySpan<byte> data)
    {
        peer = default;
        if (!ChannelData.TryRead(datagram, out var channel, out data))
        {
            return false;
        }

        foreach (var known in _peers.AsSpan(0, _peerCount))
        {
            if (known.Channel == channel)
            {
                known.LastUsed = now;
                peer = known.Address;
                return true;
            }
        }

        data = default;
        return false;
    }

    /// <summary>RFC 8656 §11.4: only from an address that we gave the permission.</summary>
    private bool TryTakeIndication(StunMessage message, TimeSpan now, out TransportAddress peer, out ReadOnlySpan<byte> data)
    {
        peer = message.XorPeerAddress ?? default;
        if (!message.TryGetData(out data))
        {
            return false;
        }

        foreach (var known in _peers.AsSpan(0, _peerCount))
        {
            if (known.Address.Address == peer.Address)
            {
                known.LastUsed = now;
                return true;
            }
        }

        data = default;
        return false;
    }

    private void HandlePeerTimeouts(TimeSpan now)
    {
        foreach (var peer in _peers.AsSpan(0, _peerCount))
        {
            switch (peer.Transaction.HandleTimeout(now))
            {
                case StunTransactionStep.Resend:
                    _output.Send(Server, peer.Transaction.Request);
                    break;
                case StunTransactionStep.TimedOut:
                    // If the server is gone, the allocation's own refresh finds out.
                    peer.RefreshAt = now + RetryAfter;
                    break;
                case StunTransactionStep.None when !peer.Transaction.IsPending && now >= peer.RefreshAt:
                    peer.Challenges = 0;
                    Bind(peer, now);
                    break;
            }
        }
    }

    private void HandlePeerAnswer(in StunMessage answer, TimeSpan now)
    {
        foreach (var peer in _peers.AsSpan(0, _peerCount))
        {
            if (peer.Transaction.Matches(answer))
            {
                peer.Transaction.End();
                HandlePeerAnswer(peer, answer, now);
                return;
            }
        }
    }

    private void HandlePeerAnswer(TurnPeer peer, in StunMessage answer, TimeSpan now)
    {
        peer.RefreshAt = now + BindEvery;
        if (answer.Class == StunClass.SuccessResponse)
        {
            peer.IsBound = !peer.IsPermissionOnly;
            return;
        }

        var code = answer.ErrorCode ?? 0;
        var challenges = peer.Challenges;
        if (TryAnswerChallenge(answer, code, ref challenges))
        {
            peer.Challenges = challenges;
            Bind(peer, now);
        }
        else if (code == 437)
        {
            ErrorCode = code;
            Fail(TurnErrors.Describe(code));
        }
        else if (code is 400 or 508 && !peer.IsPermissionOnly)
        {
            // No channel to be had, or not for this one any more: a permission is enough.
            peer.IsBound = false;
            peer.IsPermissionOnly = true;
            Bind(peer, now);
        }
        else
        {
            peer.IsBound = false;
            peer.IsRefused = true;
            peer.RefreshAt = TimeSpan.MaxValue;
        }
    }

    private void Bind(TurnPeer peer, TimeSpan now)
    {
        var request = Begin(peer.IsPermissionOnly ? StunMethod.CreatePermission : StunMethod.ChannelBind);
        if (!peer.IsPermissionOnly)
        {
            request.WriteChannelNumber(peer.Channel);
        }

        request.WriteXorPeerAddress(peer.Address);
        Finish(ref request, peer.Transaction, now);
    }

    private TimeSpan PeersDeadline()
    {
        var deadline = TimeSpan.MaxValue;
        foreach (var peer in _peers.AsSpan(0, _peerCount))
        {
            deadline = peer.Deadline < deadline ? peer.Deadline : deadline;
        }

        return deadline;
    }

    private TurnPeer? Find(TransportAddress address)
    {
        foreach (var peer in _peers.AsSpan(0, _peerCount))
        {
            if (peer.Address == address)
            {
                return peer;
            }
        }

        return null;
    }

    private int FreeSlot(TimeSpan now)
    {
        if (_peerCount < MaxPeers)
        {
            return _peerCount++;
        }

        var oldest = 0;
        for (var i = 1; i < _peerCount; i++)
        {
            oldest = _peers[i].LastUsed < _peers[oldest].LastUsed ? i : oldest;
        }

        return now - _peers[oldest].LastUsed >= Unused ? oldest : -1;
    }

    private void ClearPeers()
    {
        Array.Clear(_peers);
        _peerCount = 0;
    }
}
