namespace Parley.Media.Sdp;

/// <summary>Who wrote a description and which version of it this is (o=, RFC 8866 §5.2).</summary>
/// <param name="Username">`-` when there is none.</param>
/// <param name="SessionId">The same for every version.</param>
/// <param name="SessionVersion">Goes up with every change.</param>
/// <param name="AddressType">`IP4` or `IP6`.</param>
/// <param name="Address">Not used for anything.</param>
public sealed record SessionOrigin(string Username, ulong SessionId, ulong SessionVersion, string AddressType, string Address);
