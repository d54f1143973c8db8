namespace Parley.Browser.Harness;

/// <summary>What getStats says of one encoding that is sent.</summary>
/// <param name="Limit">Why the browser sends less than it was asked for: <c>none</c>, <c>cpu</c>, <c>bandwidth</c> or <c>other</c>.</param>
internal sealed record Sent(string Rid, bool Active, int Width, int Frames, long Bytes, string Limit);
