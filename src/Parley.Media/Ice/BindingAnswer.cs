using Parley.Media.Stun;

namespace Parley.Media.Ice;

/// <summary>Answers to Binding requests, the same for lite and full agents. Each needs a span of <see cref="MaxLength"/> bytes.</summary>
internal static class BindingAnswer
{
    /// <summary>The longest answer.</summary>
    public const int MaxLength = 128;

    private const int MaxUnknownAttributes = 8;

    /// <summary>Success, with the address as we saw it.</summary>
    public static int Success(StunMessage request, TransportAddress from, ReadOnlySpan<byte> key, Span<byte> response)
    {
        var success = Begin(request, StunClass.SuccessResponse, response);
        success.WriteXorMappedAddress(from);
        return Seal(ref success, key);
    }

    /// <summary>487 (RFC 8445 §7.3.1.1).</summary>
    public static int RoleConflict(StunMessage request, ReadOnlySpan<byte> key, Span<byte> response)
    {
        var refusal = Begin(request, StunClass.ErrorResponse, response);
        refusal.WriteErrorCode(487, "Role Conflict"u8);
        return Seal(ref refusal, key);
    }

    /// <summary>420 when the request has attributes that we would have to understand (RFC 8489 §6.3.1), else 0 bytes.</summary>
    public static int UnknownAttributes(StunMessage request, ReadOnlySpan<byte> key, Span<byte> response)
    {
        Span<ushort> unknown = stackalloc ushort[MaxUnknownAttributes];
        unknown = unknown[..request.CopyUnknownRequired(unknown)];
        if (unknown.IsEmpty)
        {
            return 0;
        }

        var refusal = Begin(request, StunClass.ErrorResponse, response);
        refusal.WriteErrorCode(420, "Unknown Attribute"u8);
        refusal.WriteUnknownAttributes(unknown);
        return Seal(ref refusal, key);
    }

    /// <summary>An error answer to someone we do not know: without integrity and phrase, and not longer than what they sent.</summary>
    public static int Refuse(StunMessage request, int code, int requestLength, Span<byte> response)
    {
        var refusal = Begin(request, StunClass.ErrorResponse, response);
        refusal.WriteErrorCode(code, default);
        refusal.WriteFingerprint();
        return refusal.Length <= requestLength ? refusal.Length : 0;
    }

    private static StunWriter Begin(StunMessage request, StunClass answerClass, Span<byte> response) =>
        new(response, answerClass, StunMethod.Binding, request.TransactionId);

    private static int Seal(ref StunWriter answer, ReadOnlySpan<byte> key)
    {
        answer.WriteIntegrity(key);
        answer.WriteFingerprint();
        return answer.Length;
    }
}
