namespace Parley.Media.Sdp;

/// <summary>
/// The layers of a simulcast m= line (a=simulcast, RFC 8853 §5.1). Each entry is one layer: a rid, `~` before it when
/// paused, alternatives with commas between them.
/// </summary>
public sealed record Simulcast(IReadOnlyList<string> Send, IReadOnlyList<string> Recv);
