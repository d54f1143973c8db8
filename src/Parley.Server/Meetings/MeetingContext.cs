using Parley.Protocol;
using Parley.Server.Records;

namespace Parley.Server.Meetings;

/// <summary>What every meeting of this server shares.</summary>
internal sealed record MeetingContext(
    ParleyOptions Options,
    TimeProvider Time,
    IMeetingRecords Records,
    IMediaPlane Media,
    IIceServers IceServers,
    ParleyMetrics Metrics,
    ILogger<Meeting> Logger)
{
    private volatile bool _isDraining;

    /// <summary>The server is about to stop: it takes nobody new, and who is inside goes on.</summary>
    public bool IsDraining
    {
        get => _isDraining;
        set => _isDraining = value;
    }

    public TimeSpan Grace => TimeSpan.FromSeconds(Options.Grace.ReconnectSeconds);

    public TimeSpan UnusedFor => TimeSpan.FromMinutes(Options.Grace.UnusedMinutes);

    public TimeSpan Drain => TimeSpan.FromSeconds(Options.Grace.DrainSeconds);

    public TimeSpan Calm => TimeSpan.FromSeconds(Options.PeerToPeer.CalmSeconds);

    public TimeSpan LinkPatience => TimeSpan.FromSeconds(Options.PeerToPeer.ConnectSeconds);

    /// <summary>In whole milliseconds, as the wire and the records have it.</summary>
    public DateTimeOffset Now
    {
        get
        {
            var now = Time.GetUtcNow();
            return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMillisecond));
        }
    }

    public Limits Limits => new(
        Options.Limits.NameLength,
        Options.Limits.TitleLength,
        Options.Limits.ChatLength,
        Options.Limits.ParticipantsPerMeeting,
        Options.Media.Slots,
        Options.Files.MaxBytes);
}
