namespace Parley.Media.Sdp;

/// <summary>One restricted RTP stream, as simulcast uses it (a=rid, RFC 8851 §4).</summary>
/// <param name="Id">Letters, digits, `-` and `_`.</param>
/// <param name="Sends">True for `send`, false for `recv`.</param>
/// <param name="Restrictions">As written, for example `max-width=1280`; empty when there are none.</param>
public sealed record RtpRid(string Id, bool Sends, string Restrictions);
