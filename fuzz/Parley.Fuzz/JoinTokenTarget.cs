using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.Tokens;
using Parley.Server;
using Parley.Server.Access;
using Parley.Server.Meetings;
using static Parley.Fuzz.Promise;

namespace Parley.Fuzz;

public static partial class FuzzTargets
{
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "Each protocol registers its targets without touching a shared file.")]
    internal static void RegisterJoinToken() => All["join-token"] = JoinTokenTarget.Run;
}

internal static class JoinTokenTarget
{
    private const string Secret = "a secret of thirty-two characters";

    private static readonly ParleyOptions Options = new() { JoinTokens = { Secret = Secret } };
    private static readonly JoinTokens Tokens = Create();

    /// <summary>
    /// As it is it lets nobody in, for nothing in the corpus has the signature. As the claims of a token that is signed it is refused, or a pass
    /// within the limits.
    /// </summary>
    internal static void Run(ReadOnlySpan<byte> input)
    {
        Check(Read(Encoding.UTF8.GetString(input)) is null);
        if (Read(Sign(input)) is not { } pass) return;
        Check(MeetingId.Normalize(pass.MeetingId) == pass.MeetingId && Enum.IsDefined(pass.Role));
        Check(pass.Name is null || Text.Line(pass.Name, Options.Limits.NameLength) == pass.Name);
    }

    private static JoinPass? Read(string token) => Tokens.ReadAsync(token).GetAwaiter().GetResult().Value;

    private static string Sign(ReadOnlySpan<byte> claims)
    {
        var signed = $"{Base64UrlEncoder.Encode("""{"alg":"HS256","typ":"JWT"}""")}.{Base64UrlEncoder.Encode(claims.ToArray())}";
        return $"{signed}.{Base64UrlEncoder.Encode(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.ASCII.GetBytes(signed)))}";
    }

    private static JoinTokens Create()
    {
        var tokens = new JoinTokens(null!, Options, new Standing());
        tokens.LoadAsync().GetAwaiter().GetResult();
        return tokens;
    }

    /// <summary>The corpus' tokens do not expire.</summary>
    private sealed class Standing : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2026, 5, 4, 9, 30, 0, TimeSpan.Zero);
    }
}
