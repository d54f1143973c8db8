namespace Parley.Media.Tests.Dtls;

/// <summary>
/// A bad path: a tenth is lost, a tenth copied, a fifth overtaken by the next; after 40 datagrams it is clean, so that
/// tests end.
/// </summary>
internal static class LossyRule
{
    public static DtlsLink.Rule Make(int seed)
    {
        var random = new Random(seed);
        byte[]? late = null;
        return (index, datagram) =>
        {
            var chance = index < 40 ? random.Next(10) : 9;
            byte[][] now = chance switch
            {
                0 => [],
                1 => [datagram, datagram],
                2 or 3 when late is null => [],
                _ => [datagram],
            };
            if (late is { } held)
            {
                late = null;
                return [.. now, held];
            }

            late = chance is 2 or 3 ? datagram : null;
            return now;
        };
    }
}
