namespace Parley.Media.Sdp;

/// <summary>m= lines that belong together (a=group, RFC 5888 §5): `BUNDLE` shares one transport (RFC 9143).</summary>
public sealed record MediaGroup(string Semantics, IReadOnlyList<string> Mids);
