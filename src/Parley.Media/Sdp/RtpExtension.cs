namespace Parley.Media.Sdp;

/// <summary>One RTP header extension (a=extmap, RFC 8285 §8).</summary>
/// <param name="Id">1–14 fit the one-byte form, up to 255 the two-byte form; 4096–4351 ask the answerer to choose.</param>
/// <param name="Direction">Who uses it, seen by the writer; null means wherever media flows.</param>
/// <param name="Uri">Its name.</param>
public sealed record RtpExtension(int Id, MediaDirection? Direction, string Uri);
