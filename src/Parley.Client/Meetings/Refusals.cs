using Parley.Protocol;

namespace Parley.Client.Meetings;

/// <summary>The server's noes as exceptions.</summary>
internal static class Refusals
{
    public static ParleyException Of(ProtocolError? error) => error is { Code.Length: > 0 }
        ? new ParleyException(ParleyError.Refused, Words(error), ServerText.Quote(error.Code))
        : new ParleyException(ParleyError.Refused, "The server refused this without saying why.", ErrorCodes.RequestInvalid);

    public static string Words(ProtocolError error) => ServerText.Sentence(error.Message, "The server refused this.");
}
