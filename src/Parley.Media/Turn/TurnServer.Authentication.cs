using Parley.Media.Stun;

namespace Parley.Media.Turn;

/// <content>
/// Who asks. Those who have proved nothing get answers that are hardly longer than what they sent (no phrases, short nonces), and over UDP a
/// limited number.
/// </content>
public sealed partial class TurnServer
{
    /// <summary>
    /// RFC 8489 §9.2.4. A user name that has expired allocates nothing more, but the allocation made with it can be kept: a meeting may be
    /// longer than its credentials last.
    /// </summary>
    private bool TryAuthenticate(
        TurnFlow client, in StunMessage request, TurnAllocation? allocation, Span<byte> key, TimeSpan now, out ReadOnlySpan<byte> username)
    {
        username = default;
        if (!request.HasIntegrity)
        {
            Challenge(client, request, 401, TurnRefusal.Challenged, now);
            return false;
        }

        if (!request.TryGetUsername(out username) || !request.TryGetRealm(out var realm) || !request.TryGetNonce(out var nonce))
        {
            if (MayAnswer(client, now))
            {
                Refuse(client, request, 400, TurnRefusal.BadRequest, default);
            }

            return false;
        }

        // First what takes the least: whoever cannot receive at this address gets no further.
        if (!_nonces.IsFresh(nonce, client, now))
        {
            Challenge(client, request, 438, TurnRefusal.StaleNonce, now);
            return false;
        }

        if (!realm.SequenceEqual(_realm) || !TryFindKey(username, allocation, key, now) || !request.VerifyIntegrity(key))
        {
            Challenge(client, request, 401, TurnRefusal.Unauthorized, now);
            return false;
        }

        return true;
    }

    private bool TryFindKey(ReadOnlySpan<byte> username, TurnAllocation? allocation, Span<byte> key, TimeSpan now)
    {
        if (allocation is not null && username.SequenceEqual(allocation.Username))
        {
            allocation.Key.CopyTo(key);
            return true;
        }

        if (!TurnSecret.TryParse(username, out var expiresAt, out _) || (_origin + now).ToUnixTimeSeconds() >= expiresAt)
        {
            return false;
        }

        _secret.MakeKey(username, _realm, key);
        return true;
    }

    private bool MayAnswer(TurnFlow client, TimeSpan now)
    {
        // In a stream the client has proved its address by the handshake.
        if (client.IsStream || _answers.TryTake(client.Client, now))
        {
            return true;
        }

        Counters.OnRefused(TurnRefusal.Throttled);
        return false;
    }

    /// <summary>401 or 438, with what the client needs to try again.</summary>
    private void Challenge(TurnFlow client, in StunMessage request, int code, TurnRefusal reason, TimeSpan now)
    {
        Counters.OnRefused(reason);
        if (!MayAnswer(client, now))
        {
            return;
        }

        Span<byte> nonce = stackalloc byte[TurnNonces.Length];
        _nonces.Write(client, now, nonce);
        var answer = Error(request, code);
        answer.WriteRealm(_realm);
        answer.WriteNonce(nonce);
        Finish(client, ref answer, request, default);
    }
}
