namespace Parley.Browser.Harness;

/// <summary>A selected pair as getStats has it.</summary>
internal sealed record CandidatePair(CandidateEnd Local, CandidateEnd Remote);

/// <param name="Type"><c>host</c>, <c>srflx</c>, <c>prflx</c> or <c>relay</c>.</param>
internal sealed record CandidateEnd(string? Address, int Port, string? Protocol, string? Type, string? RelayProtocol);
