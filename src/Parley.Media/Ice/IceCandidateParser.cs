using System.Buffers;
using System.Globalization;
using System.Net;

namespace Parley.Media.Ice;

/// <summary>
/// Reads a candidate attribute (RFC 8839 §5.1): foundation, component, transport, priority, address, port, <c>typ</c> type,
/// then <c>raddr</c>, <c>rport</c> and any extensions in pairs. From a peer, so bounded and strict; of the extensions only
/// <c>ufrag</c> is kept.
/// </summary>
internal ref struct IceCandidateParser
{
    /// <summary>The longest line taken; browsers' have about 200 characters.</summary>
    public const int MaxLength = 1024;

    private static readonly SearchValues<char> IceChars =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");

    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789");
    private static readonly SearchValues<char> IPv4Chars = SearchValues.Create("0123456789.");
    private static readonly SearchValues<char> IPv6Chars = SearchValues.Create("0123456789abcdefABCDEF:.");
    private static readonly SearchValues<char> TokenChars =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-.^_`{|}~");

    /// <summary>A name, or an address with a zone.</summary>
    private static readonly SearchValues<char> NameChars =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.:%");

    private ReadOnlySpan<char> _rest;

    private enum AddressKind
    {
        Malformed,
        Name,
        Literal,
    }

    public static IceCandidateParseResult Parse(ReadOnlySpan<char> value, out IceCandidate? candidate)
    {
        candidate = null;
        if (value.Length > MaxLength)
        {
            return IceCandidateParseResult.Malformed;
        }

        value = WithoutPrefix(WithoutPrefix(value, "a="), "candidate:");
        var parser = new IceCandidateParser { _rest = value };
        return parser.Parse(out candidate);
    }

    private IceCandidateParseResult Parse(out IceCandidate? candidate)
    {
        candidate = null;
        if (!TryToken(out var foundation) || foundation.Length > 32 || foundation.ContainsAnyExcept(IceChars)
            || !TryNumber(3, 256, out var component) || component == 0
            || !TryToken(out var transport) || transport.ContainsAnyExcept(TokenChars)
            || !TryNumber(10, int.MaxValue, out var priority) || priority == 0
            || !TryToken(out var host)
            || !TryNumber(5, ushort.MaxValue, out var port)
            || !TryToken(out var typ) || !typ.SequenceEqual("typ")
            || !TryToken(out var typeName) || typeName.ContainsAnyExcept(TokenChars))
        {
            return IceCandidateParseResult.Malformed;
        }

        var kind = ReadAddress(host, (ushort)port, out var address);
        if (kind == AddressKind.Malformed || !TryReadTail(out var related, out var ufrag))
        {
            return IceCandidateParseResult.Malformed;
        }

        if (kind == AddressKind.Name || port == 0 || component != IceCandidate.RtpComponent
            || !transport.Equals("udp", StringComparison.OrdinalIgnoreCase) || TypeOf(typeName) is not { } type)
        {
            return IceCandidateParseResult.Unsupported;
        }

        candidate = new IceCandidate(type, foundation.ToString(), (int)component, priority, address, related) { Ufrag = ufrag };
        return IceCandidateParseResult.Ok;
    }

    private static ReadOnlySpan<char> WithoutPrefix(ReadOnlySpan<char> value, string prefix) =>
        value.StartsWith(prefix, StringComparison.Ordinal) ? value[prefix.Length..] : value;

    private static IceCandidateType? TypeOf(ReadOnlySpan<char> name) => name switch
    {
        "host" => IceCandidateType.Host,
        "srflx" => IceCandidateType.ServerReflexive,
        "prflx" => IceCandidateType.PeerReflexive,
        "relay" => IceCandidateType.Relayed,
        _ => null,
    };

    /// <summary>raddr, rport and the extensions, each a name and a value.</summary>
    private bool TryReadTail(out TransportAddress? related, out string? ufrag)
    {
        related = null;
        ufrag = null;
        ReadOnlySpan<char> relatedHost = default;
        while (!_rest.IsEmpty)
        {
            if (!TryToken(out var name) || !TryToken(out var value))
            {
                return false;
            }

            switch (name)
            {
                case "raddr" when relatedHost.IsEmpty:
                    relatedHost = value;
                    break;
                case "rport" when !relatedHost.IsEmpty && related is null:
                    if (!TryNumber(value, 5, ushort.MaxValue, out var port)
                        || ReadAddress(relatedHost, (ushort)port, out var address) is var kind && kind == AddressKind.Malformed)
                    {
                        return false;
                    }

                    // Zeros hide it.
                    related = kind == AddressKind.Literal && !address.IsUnspecified() ? address : null;
                    break;
                case "ufrag" when ufrag is null && value.Length is >= 4 and <= 256 && !value.ContainsAnyExcept(IceChars):
                    ufrag = value.ToString();
                    break;
            }
        }

        return true;
    }

    /// <summary>Strict: the platform's parser would take 1.2 or 0x7f.1 for addresses as well.</summary>
    private static AddressKind ReadAddress(ReadOnlySpan<char> text, ushort port, out TransportAddress address)
    {
        address = default;
        var v4 = !text.ContainsAnyExcept(IPv4Chars);
        var v6 = !v4 && text.Contains(':') && !text.ContainsAnyExcept(IPv6Chars);
        if (!v4 && !v6)
        {
            var isName = !text.ContainsAnyExcept(NameChars) && (!text.Contains(':') || text.Contains('%'));
            return isName ? AddressKind.Name : AddressKind.Malformed;
        }

        if (v4 ? !IsDottedQuad(text) : text.Length > 45)
        {
            return AddressKind.Malformed;
        }

        if (!IPAddress.TryParse(text, out var parsed))
        {
            return AddressKind.Malformed;
        }

        address = TransportAddress.From(new IPEndPoint(parsed, port));
        return AddressKind.Literal;
    }

    private static bool IsDottedQuad(ReadOnlySpan<char> text)
    {
        var parts = 0;
        foreach (var range in text.Split('.'))
        {
            // A leading zero is octal to some (RFC 6943 §3.1.1): nobody writes it.
            var part = text[range];
            if (++parts > 4 || part.Length is 0 or > 3 || (part.Length > 1 && part[0] == '0') || !TryNumber(part, 3, 255, out _))
            {
                return false;
            }
        }

        return parts == 4;
    }

    /// <summary>The next of the tokens that single spaces part.</summary>
    private bool TryToken(out ReadOnlySpan<char> token)
    {
        var space = _rest.IndexOf(' ');
        token = space < 0 ? _rest : _rest[..space];
        _rest = space < 0 ? default : _rest[(space + 1)..];

        // A space at the very end parts off nothing; nothing else may be empty, or out of the printable.
        return !token.IsEmpty && !token.ContainsAnyExceptInRange('!', '~');
    }

    private bool TryNumber(int maxDigits, uint max, out uint number)
    {
        number = 0;
        return TryToken(out var token) && TryNumber(token, maxDigits, max, out number);
    }

    private static bool TryNumber(ReadOnlySpan<char> text, int maxDigits, uint max, out uint number)
    {
        number = 0;
        return text.Length > 0 && text.Length <= maxDigits && !text.ContainsAnyExcept(Digits)
            && uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number <= max;
    }
}
