using Parley.Media.Stun;

namespace Parley.Media.Ice;

/// <summary>Finds whose the first datagram from a new address is: many sessions share one port.</summary>
public static class IceDemux
{
    private const byte Colon = (byte)':';

    /// <summary>
    /// Reads our ufrag from the USERNAME of a Binding request, <c>ours:theirs</c> (RFC 8445 §7.2.2). Nothing is authentic yet:
    /// use it only to look the session up, whose agent then checks the integrity.
    /// </summary>
    /// <param name="datagram">Any datagram.</param>
    /// <param name="ufragUtf8">Our ufrag, a part of <paramref name="datagram"/>; never empty when true.</param>
    /// <returns>False when it is no Binding request with such a name.</returns>
    public static bool TryReadLocalUfrag(ReadOnlySpan<byte> datagram, out ReadOnlySpan<byte> ufragUtf8)
    {
        ufragUtf8 = default;
        if (StunMessage.TryParse(datagram, out var message) != StunParseResult.Ok
            || message.Class != StunClass.Request
            || message.Method != StunMethod.Binding
            || !message.TryGetUsername(out var username))
        {
            return false;
        }

        var colon = username.IndexOf(Colon);
        if (colon <= 0)
        {
            return false;
        }

        ufragUtf8 = username[..colon];
        return true;
    }
}
