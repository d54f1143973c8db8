using Parley.Protocol;

namespace Parley.Client.Meetings;

/// <summary>Which request each slot should carry.</summary>
internal static class SlotAssignment
{
    /// <summary>
    /// Gives slots to the first requests, as many as there are slots. Who has a slot keeps it, whatever the order, so that no
    /// picture moves to another stream without need; the new ones get what is free.
    /// </summary>
    /// <param name="mids">The slots.</param>
    /// <param name="requests">Most wanted first; what stands twice counts once.</param>
    /// <param name="before">The view until now.</param>
    /// <returns>The view from now on, in order of the slots; those not in it are paused.</returns>
    public static IReadOnlyList<SlotView> Assign(
        IReadOnlyList<string> mids, IEnumerable<ViewRequest> requests, IReadOnlyList<SlotView> before)
    {
        var served = new List<ViewRequest>();
        foreach (var request in requests)
        {
            if (served.Count == mids.Count) break;
            if (!served.Exists(other => IsSame(other, request.ParticipantId, request.Source))) served.Add(request);
        }

        var assigned = new ViewRequest?[mids.Count];
        for (var i = 0; i < mids.Count; i++)
        {
            if (before.FirstOrDefault(slot => slot.Mid == mids[i]) is not { } slot) continue;
            var kept = served.FindIndex(request => IsSame(request, slot.ParticipantId, slot.Source));
            if (kept < 0) continue;
            assigned[i] = served[kept];
            served.RemoveAt(kept);
        }

        var view = new List<SlotView>();
        for (var i = 0; i < mids.Count; i++)
        {
            if (assigned[i] is null && served.Count > 0)
            {
                assigned[i] = served[0];
                served.RemoveAt(0);
            }

            if (assigned[i] is { } request)
                view.Add(new SlotView(mids[i], request.ParticipantId, request.Source, request.Width, request.Height, request.Pinned));
        }

        return view;
    }

    private static bool IsSame(ViewRequest request, string? participantId, VideoSourceKind source) =>
        request.ParticipantId == participantId && request.Source == source;
}
