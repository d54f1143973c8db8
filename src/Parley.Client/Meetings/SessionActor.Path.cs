using Parley.Client.Media;
using Parley.Protocol;

namespace Parley.Client.Meetings;

/// <summary>Tells the server what one's media takes: when it changes, and every 10 s.</summary>
internal sealed partial class SessionActor
{
    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(10);

    private ITimer? _reportTimer;
    private MediaStatistics? _reported;
    private long _reportedAt;
    private bool _isReporting;

    /// <summary>What the connection in use does; null when there is none.</summary>
    public MediaStatistics? GetStatistics() => (_isLinkPlayed ? _peerLink?.GetStatistics() : null) ?? _leg?.GetStatistics();

    /// <summary>Reports now, and again after each interval.</summary>
    private void ReportPath()
    {
        _reportTimer?.Dispose();
        if (_over || _context.CreateLeg is null) return;
        _reportTimer = After(ReportInterval, ReportPath);
        if (_isReporting || Now.State != SessionState.Joined) return;
        _isReporting = true;
        var linkId = _isLinkPlayed ? _peerLink?.LinkId : null;
        _ = ReportAsync(linkId);
    }

    /// <summary>Away from the mailbox: it waits for the media thread, a moment.</summary>
    private async Task ReportAsync(string? linkId)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        MediaStatistics? now = null;
        try
        {
            now = GetStatistics();
        }
        catch (ParleyException)
        {
            // It has just ended.
        }

        if (now is { Local: not null, Remote: not null })
        {
            var time = _context.Time.GetTimestamp();
            var report = Describe(now, linkId, time);
            (_reported, _reportedAt) = (now, time);
            await TellAsync("reportPath", report).ConfigureAwait(false);
        }

        _mailbox.Post(() => _isReporting = false);
    }

    private PathReport Describe(MediaStatistics now, string? linkId, long time)
    {
        var report = new PathReport(
            now.Way == MeetingMode.PeerToPeer ? linkId : null,
            now.Local,
            now.Remote,
            now.IsRelayed ? "udp" : null,
            Math.Round(now.RoundTrip.TotalMilliseconds, 1));
        if (_reported is not { } before || before.Way != now.Way || now.PacketsReceived < before.PacketsReceived) return report;
        var seconds = _context.Time.GetElapsedTime(_reportedAt, time).TotalSeconds;
        if (seconds <= 0) return report;
        var (received, lost) = (now.PacketsReceived - before.PacketsReceived, Math.Max(0, now.PacketsLost - before.PacketsLost));
        return report with
        {
            Loss = received + lost == 0 ? 0 : Math.Round((double)lost / (received + lost), 4),
            Sending = Math.Round((now.BytesSent - before.BytesSent) * 8 / 1_000 / seconds, 1),
            Receiving = Math.Round((now.BytesReceived - before.BytesReceived) * 8 / 1_000 / seconds, 1),
            AudioCodec = "opus",
            VideoCodec = "VP8",
        };
    }
}
