using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Parley.Server.Webhooks;

/// <summary>How a delivery is signed: HMAC-SHA256 over id, time and body, as the Standard Webhooks convention has it.</summary>
internal static class WebhookSignature
{
    public const string SecretPrefix = "whsec_";

    /// <param name="id">The event's, the same at each attempt.</param>
    /// <param name="at">Of the attempt, in whole seconds.</param>
    public static string Of(byte[] secret, string id, DateTimeOffset at, string body) => "v1," + Convert.ToBase64String(HMACSHA256.HashData(
        secret, Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{at.ToUnixTimeSeconds()}.{body}"))));
}
