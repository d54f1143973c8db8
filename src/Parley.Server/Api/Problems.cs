using System.Globalization;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Parley.Protocol;
using Parley.Server.Meetings;

namespace Parley.Server.Api;

/// <summary>Refusals as RFC 9457 problems (protocol.md §2).</summary>
internal static class Problems
{
    private const string ContentType = "application/problem+json";

    public static int StatusOf(string code) => code switch
    {
        ErrorCodes.MeetingUnknown or ErrorCodes.ParticipantUnknown or ErrorCodes.MessageUnknown or ErrorCodes.FileUnknown
            or ErrorCodes.KeyUnknown or ErrorCodes.WebhookUnknown => StatusCodes.Status404NotFound,
        ErrorCodes.SignInNeeded or ErrorCodes.KeyWrong => StatusCodes.Status401Unauthorized,
        ErrorCodes.IdempotencyKeyReused => StatusCodes.Status422UnprocessableEntity,
        ErrorCodes.MeetingEnded => StatusCodes.Status410Gone,
        ErrorCodes.MeetingFull or ErrorCodes.MeetingOpen or ErrorCodes.NotJoined or ErrorCodes.AlreadyJoined or ErrorCodes.LinkUnknown or ErrorCodes.Waiting or ErrorCodes.LobbyFull or ErrorCodes.FilesFull
            => StatusCodes.Status409Conflict,
        ErrorCodes.ServerFull or ErrorCodes.MediaUnavailable or ErrorCodes.ServerUnavailable => StatusCodes.Status503ServiceUnavailable,
        ErrorCodes.SecretWrong or ErrorCodes.OriginForbidden or ErrorCodes.NotAllowed or ErrorCodes.MeetingLocked or ErrorCodes.MeetingNotBegun
            or ErrorCodes.PasscodeNeeded or ErrorCodes.PasscodeWrong or ErrorCodes.Removed or ErrorCodes.Barred
            or ErrorCodes.PasswordWrong or ErrorCodes.ScopeMissing or ErrorCodes.TokenNeeded or ErrorCodes.TokenWrong => StatusCodes.Status403Forbidden,
        ErrorCodes.FileTooLarge => StatusCodes.Status413PayloadTooLarge,
        ErrorCodes.RateLimited => StatusCodes.Status429TooManyRequests,
        _ => StatusCodes.Status400BadRequest,
    };

    public static ProblemHttpResult From(ProtocolError error) => TypedResults.Problem(Details(error, StatusOf(error.Code)));

    public static Task WriteAsync(HttpContext context, ProtocolError error, int? status = null)
    {
        var code = status ?? StatusOf(error.Code);
        context.Response.StatusCode = code;
        return context.Response.WriteAsJsonAsync(Details(error, code), ProtocolJson.Options, ContentType, context.RequestAborted);
    }

    /// <summary>Answers of the framework (unknown path, wrong method, a body that is not JSON) in the same form.</summary>
    public static Task FromStatus(HttpContext context)
    {
        var status = context.Response.StatusCode;
        var error = status switch
        {
            StatusCodes.Status404NotFound => Refusal.RequestInvalid("There is nothing at this address."),
            StatusCodes.Status405MethodNotAllowed => Refusal.RequestInvalid("This address does not take this method."),
            StatusCodes.Status413PayloadTooLarge => Refusal.RequestInvalid("The request is too large."),
            StatusCodes.Status415UnsupportedMediaType => Refusal.RequestInvalid("The body must be JSON (Content-Type: application/json)."),
            >= 500 => Refusal.ServerUnavailable,
            _ => Refusal.RequestInvalid("The request is not of the form that docs/protocol.md describes."),
        };
        return WriteAsync(context, error, status);
    }

    /// <summary>For what was thrown: bad requests keep their status, everything else is our fault.</summary>
    public static Task FromException(HttpContext context)
    {
        if (context.Features.Get<IExceptionHandlerFeature>()?.Error is BadHttpRequestException bad)
            context.Response.StatusCode = bad.StatusCode;
        return FromStatus(context);
    }

    private static ProblemDetails Details(ProtocolError error, int status) => new()
    {
        Type = "urn:parley:error:" + error.Code,
        Title = error.Code,
        Status = status,
        Detail = error.Message,
        Extensions = { ["code"] = error.Code },
    };
}
