using System.Buffers;

namespace Parley.Media.Ice;

/// <summary>One side's ICE user name fragment and password (RFC 8839 §5.4).</summary>
public sealed record IceCredentials
{
    /// <summary>How long the fragments we make are: 48 random bits, where the RFC asks for 24.</summary>
    public const int UfragLength = 8;

    /// <summary>How long the passwords we make are: 144 random bits, where the RFC asks for 128.</summary>
    public const int PasswordLength = 24;

    private const string IceChars = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    private static readonly SearchValues<char> IceCharSet = SearchValues.Create(IceChars);

    /// <exception cref="ArgumentException">Not of the RFC's form: ask <see cref="IsValid"/> first about what came from a peer.</exception>
    public IceCredentials(string ufrag, string password)
    {
        if (!IsValid(ufrag, password))
        {
            throw new ArgumentException("ICE credentials are 4–256 and 22–256 letters, digits, + and /.");
        }

        Ufrag = ufrag;
        Password = password;
    }

    /// <summary>The user name fragment; not a secret.</summary>
    public string Ufrag { get; }

    /// <summary>The password: keys the integrity of requests <i>to</i> this side. A secret.</summary>
    public string Password { get; }

    /// <summary>Whether both have the lengths and characters of RFC 8839 §5.4.</summary>
    public static bool IsValid(string? ufrag, string? password) =>
        ufrag is { Length: >= 4 and <= 256 }
        && password is { Length: >= 22 and <= 256 }
        && !ufrag.AsSpan().ContainsAnyExcept(IceCharSet)
        && !password.AsSpan().ContainsAnyExcept(IceCharSet);

    /// <summary>Makes new ones.</summary>
    public static IceCredentials Create(RandomSource random) => new(RandomText(random, UfragLength), RandomText(random, PasswordLength));

    /// <summary>The fragment only: a password must not reach a log by accident.</summary>
    public override string ToString() => $"IceCredentials({Ufrag})";

    private static string RandomText(RandomSource random, int length)
    {
        Span<byte> bytes = stackalloc byte[length];
        Span<char> text = stackalloc char[length];
        random.Fill(bytes);
        for (var i = 0; i < length; i++)
        {
            // 64 characters: six bits of each byte, without bias.
            text[i] = IceChars[bytes[i] & 63];
        }

        return new string(text);
    }
}
