namespace Parley.Media.Congestion;

/// <summary>The lowest bitrate of the last one to two seconds.</summary>
internal sealed class LowestBitrate
{
    private static readonly TimeSpan Half = TimeSpan.FromSeconds(1);

    private TimeSpan? _since;
    private long _lowest;
    private long _before;
    private long _last;

    internal long Add(long bitrate, TimeSpan now)
    {
        if (_since is null)
        {
            (_since, _lowest, _before, _last) = (now, bitrate, bitrate, bitrate);
        }
        else if (now - _since >= Half)
        {
            // The last one held until now.
            _before = now - _since >= 2 * Half ? _last : _lowest;
            _lowest = _last;
            _since = now;
        }

        _last = bitrate;
        _lowest = Math.Min(_lowest, bitrate);
        return Math.Min(_lowest, _before);
    }
}
