namespace Parley.SideBySide.Report;

/// <summary>What else is to be known of a row; nothing of most.</summary>
internal static class RowNotes
{
    /// <summary>Of a row of any kind.</summary>
    public static IEnumerable<string> Of(ServerRow row)
    {
        if (row.Attempts > 1 || row.OthersPercent > ServerRow.MostOthersPercent)
            yield return Text($"{row.Server}, {row.Scenario}: measured {row.Attempts} times; others used {row.OthersPercent:0.0} % of the machine the last time");
        if (row.WithMedia < row.Participants) yield return Text($"{row.Server}, {row.Scenario}: {row.WithMedia} of {row.Participants} got their media{(row.Problem is null ? "" : $" ({row.Problem})")}");
        if (row is Row { DeliveredPercent: < Highest.LeastDeliveredPercent } video)
            yield return Text($"{row.Server}, {row.Scenario}: overloaded, {video.DeliveredPercent:0.0} % of what was to come came in the time");
        if (row.GeneratorDrops > 0) yield return Text($"{row.Server}, {row.Scenario}: THE GENERATOR'S OWN SOCKETS DROPPED {row.GeneratorDrops:N0} DATAGRAMS; the row says nothing of the server");
    }

    private static string Text(FormattableString text) => text.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
