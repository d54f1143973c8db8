using System.Diagnostics.Metrics;
using Parley.Protocol;

namespace Parley.Server.Meetings;

/// <summary>The meter <c>Parley</c>.</summary>
internal sealed class ParleyMetrics
{
    public const string MeterName = "Parley";

    private readonly Counter<long> _refusals;
    private readonly Counter<long> _modeChanges;

    public ParleyMetrics(IMeterFactory factory)
    {
        var meter = factory.Create(MeterName);
        Meetings = meter.CreateUpDownCounter<long>("parley.meetings", "{meeting}", "Open meetings");
        Participants = meter.CreateUpDownCounter<long>("parley.participants", "{participant}", "Places taken, lost connections included");
        Joins = meter.CreateCounter<long>("parley.joins", "{join}", "Joins and resumes that were granted");
        _modeChanges = meter.CreateCounter<long>("parley.mode.changes", "{change}", "Meetings that changed their mode, by mode and reason");
        _refusals = meter.CreateCounter<long>("parley.refusals", "{refusal}", "Requests refused, by error code");
        // A server that nobody has used yet has none, which is something else than not to know; and a rate needs the figure before the first.
        Meetings.Add(0);
        Participants.Add(0);
        Joins.Add(0);
    }

    public UpDownCounter<long> Meetings { get; }

    public UpDownCounter<long> Participants { get; }

    public Counter<long> Joins { get; }

    public void ModeChanged(MeetingMode mode, ModeReason reason) => _modeChanges.Add(
        1, new KeyValuePair<string, object?>("mode", mode.ToString()), new KeyValuePair<string, object?>("reason", reason.ToString()));

    /// <param name="code">One of the protocol's codes, never a text from outside.</param>
    public void Refused(string code) => _refusals.Add(1, new KeyValuePair<string, object?>("code", code));
}
