namespace Parley.SideBySide.Janus;

/// <summary>Janus said no, said nothing in time, or is gone.</summary>
internal sealed class JanusException(string message, Exception? inner = null) : Exception(message, inner);
