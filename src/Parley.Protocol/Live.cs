namespace Parley.Protocol;

/// <summary>The answer of GET /api/admin/live: how the server is, and who is in which meeting now.</summary>
/// <param name="Server">The process and its media workers.</param>
/// <param name="Meetings">The newest first; of very many not all.</param>
public sealed record LiveView(ServerFigures Server, IReadOnlyList<LiveMeeting> Meetings);

/// <summary>What the server takes and carries. Who wants the load of its processors reads twice.</summary>
/// <param name="Version">Of the program.</param>
/// <param name="StartedAt">When the process began.</param>
/// <param name="At">When this was read.</param>
/// <param name="Processors">How many there are for it.</param>
/// <param name="ProcessorSeconds">Time of processors that it has taken since its start.</param>
/// <param name="Memory">Of the machine, in bytes.</param>
/// <param name="Meetings">Open ones.</param>
/// <param name="Participants">In all of them.</param>
/// <param name="RetentionDays">How long records are kept; 0 is for ever.</param>
/// <param name="Workers">The media workers.</param>
public sealed record ServerFigures(
    string Version,
    DateTimeOffset StartedAt,
    DateTimeOffset At,
    int Processors,
    double ProcessorSeconds,
    long Memory,
    int Meetings,
    int Participants,
    int RetentionDays,
    IReadOnlyList<WorkerFigures> Workers);

/// <summary>One media worker: its ports, how busy its thread was in the last second (0–1), and what lives on it.</summary>
public sealed record WorkerFigures(int Number, int UdpPort, int? TcpPort, double Busy, int Meetings, int Connections);

/// <summary>An open meeting as the admin sees it.</summary>
/// <param name="Meeting">What everybody may know.</param>
/// <param name="Mode">Who carries its media.</param>
/// <param name="Rtp">What the server counted of them since they began.</param>
/// <param name="Participants">Who is in it.</param>
public sealed record LiveMeeting(MeetingSummary Meeting, ModeState Mode, RtpStatistics Rtp, IReadOnlyList<LiveParticipant> Participants);

/// <summary>Somebody in a meeting.</summary>
/// <param name="Participant">What the others see of them.</param>
/// <param name="Report">What their client said last of the way that its media take.</param>
/// <param name="Transport">What the server counts of its connection with them; null without one.</param>
public sealed record LiveParticipant(Participant Participant, PathReport? Report, TransportStatistics? Transport);
