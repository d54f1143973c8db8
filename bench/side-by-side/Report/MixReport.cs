namespace Parley.SideBySide.Report;

/// <summary>What a run of mixing found.</summary>
internal sealed record MixReport(IReadOnlyList<MixRow> Rows)
{
    /// <summary>The others against Parley, by CPU per participant, wherever both were measured.</summary>
    public IReadOnlyList<Ratio> Ratios =>
    [
        .. from parley in Rows
           where parley.Server == "parley" && parley.CpuPercentPerParticipant > 0
           from other in Rows
           where other.Server != "parley" && other.Scenario == parley.Scenario && other.CpuPercentPerParticipant > 0
           select new Ratio(other.Server, other.Scenario, other.CpuPercentPerParticipant / parley.CpuPercentPerParticipant),
    ];
}
