namespace Parley.Media.Ice;

/// <summary>Why a server gave nothing, in a sentence for people.</summary>
/// <param name="Server">The server as it was configured.</param>
/// <param name="Error">The sentence.</param>
public readonly record struct IceGatheringFailure(TransportAddress Server, string Error);
