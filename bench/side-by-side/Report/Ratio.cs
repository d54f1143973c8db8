namespace Parley.SideBySide.Report;

/// <summary>How many times more of the CPU a server takes for a packet than Parley, under one load.</summary>
internal sealed record Ratio(string Server, string Scenario, double Cpu);
