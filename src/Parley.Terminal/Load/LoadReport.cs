namespace Parley.Terminal.Load;

/// <summary>
/// What a run found; as JSON its properties are the interface for scripts (docs/load.md): some may be added, none renamed. Where
/// nothing is said, a figure is of the measured time, when all were there.
/// </summary>
internal sealed record LoadReport
{
    public required string Server { get; init; }

    /// <summary>Ended before its time by Ctrl-C.</summary>
    public required bool Interrupted { get; init; }

    public required int Participants { get; init; }

    public required int Meetings { get; init; }

    public required int TalkersPerMeeting { get; init; }

    public required int CamerasPerMeeting { get; init; }

    public required int ViewSlots { get; init; }

    public required int VideoBitrateKbps { get; init; }

    public required int FramesPerSecond { get; init; }

    public required int Seed { get; init; }

    /// <summary>Participants that got in.</summary>
    public required int Joined { get; init; }

    /// <summary>Participants that got all kinds of media there were for them.</summary>
    public required int WithMedia { get; init; }

    public required IReadOnlyList<LoadFailure> Failures { get; init; }

    /// <summary>From the first join's beginning to the last one's end.</summary>
    public required double JoinSeconds { get; init; }

    public required double JoinsPerSecond { get; init; }

    /// <summary>How often the server refused a join, a creation or a cancel as too many.</summary>
    public required int RateRefusals { get; init; }

    /// <summary>From a join's beginning, or from when there was someone to hear or see, to the first media packet.</summary>
    public required double? TimeToMediaP50Ms { get; init; }

    public required double? TimeToMediaP99Ms { get; init; }

    public required double? TimeToMediaMaxMs { get; init; }

    /// <summary>How long was measured; 0 when it did not come to that.</summary>
    public required double MeasuredSeconds { get; init; }

    public required long PacketsReceived { get; init; }

    public required double PacketsReceivedPerSecond { get; init; }

    public required double MegabitsReceivedPerSecond { get; init; }

    public required long PacketsSent { get; init; }

    public required double PacketsSentPerSecond { get; init; }

    public required double MegabitsSentPerSecond { get; init; }

    public required long VideoPacketsReceived { get; init; }

    public required long VideoPacketsLost { get; init; }

    public required double VideoLossPercent { get; init; }

    public required long VideoPacketsReordered { get; init; }

    public required long AudioPacketsReceived { get; init; }

    public required long AudioPacketsLost { get; init; }

    public required double AudioLossPercent { get; init; }

    /// <summary>50 when the server's mixer keeps up; null when nobody was to hear anything.</summary>
    public required double? AudioPacketsPerListenerPerSecond { get; init; }

    public required long DuplicatePackets { get; init; }

    /// <summary>Not authentic, or of a stream that nobody announced.</summary>
    public required long UnusablePackets { get; init; }

    /// <summary>Frames that came to who should not have got them.</summary>
    public required long MisdeliveredFrames { get; init; }

    /// <summary>One way, of the first packet of each frame; null when none came.</summary>
    public required double? DelayP50Ms { get; init; }

    public required double? DelayP99Ms { get; init; }

    public required double? DelayMaxMs { get; init; }

    public required long DelaySamples { get; init; }

    public required double OwnCpuSeconds { get; init; }

    /// <summary>100 is one core.</summary>
    public required double OwnCpuPercent { get; init; }

    public required double OwnCpuMicrosecondsPerPacket { get; init; }

    public required double OwnMemoryMegabytes { get; init; }

    /// <summary>Of the whole run; null where the system does not tell. Above 0 the run says nothing of the server.</summary>
    public required long? OwnSocketDrops { get; init; }

    public required long SendErrors { get; init; }

    /// <summary>Frames and sound packets that were left out because the generator was late for them.</summary>
    public required long SendsSkipped { get; init; }

    /// <summary>Of the whole run.</summary>
    public required int SignallingReconnects { get; init; }

    /// <summary>Of the whole run.</summary>
    public required int MediaReconnects { get; init; }

    /// <summary>Why one of those was made anew; null when none was.</summary>
    public required string? MediaReconnectReason { get; init; }

    public required double? ServerCpuPercent { get; init; }

    public required double? ServerMemoryMegabytes { get; init; }

    public required double? ServerMemoryPeakMegabytes { get; init; }

    /// <summary>Meetings of this run that could not be cancelled.</summary>
    public required int MeetingsLeft { get; init; }
}

/// <summary>Who failed, and how.</summary>
internal sealed record LoadFailure(string Name, string Reason);
