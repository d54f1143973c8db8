using Microsoft.Extensions.Logging;
using Parley.Protocol;

namespace Parley.Client.Meetings;

/// <summary>What a link needs to know to be made.</summary>
/// <param name="Started">What the server said.</param>
/// <param name="Peer">The other end's devices.</param>
/// <param name="Mode">The meeting's mode.</param>
/// <param name="Server">The signalling server's address.</param>
/// <param name="Time">The clock.</param>
/// <param name="Logs">Where to log.</param>
internal sealed record PeerLinkContext(LinkStarted Started, MediaState Peer, MeetingMode Mode, Uri Server, TimeProvider Time, ILoggerFactory Logs);
