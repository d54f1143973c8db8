using System.Globalization;

namespace Parley.Media.Sdp;

internal static class PayloadTypes
{
    public static string ToText(byte payloadType) => payloadType.ToString(CultureInfo.InvariantCulture);
}
