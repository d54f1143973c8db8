using CsCheck;
using Parley.Client.Meetings;
using Parley.Protocol;

namespace Parley.Client.Tests.Meetings;

public sealed class SlotAssignmentTests
{
    private static readonly Gen<ViewRequest[]> Requests = Gen.Select(
        Gen.Int[0, 9], Gen.Bool, Gen.Int[0, 1000], (who, isScreen, width) => new ViewRequest($"{who}", isScreen ? VideoSourceKind.Screen : VideoSourceKind.Camera, width, width)).Array[0, 12];

    [Fact]
    public void Who_is_seen_stays_where_they_are_and_the_most_wanted_are_seen() =>
        Gen.Select(Gen.Int[0, 6], Requests.Array[1, 10]).Sample((slots, views) =>
        {
            string[] mids = [.. Enumerable.Range(3, slots).Select(i => $"{i}")];
            IReadOnlyList<SlotView> before = [];
            foreach (var requests in views)
            {
                var view = SlotAssignment.Assign(mids, requests, before);
                var wanted = requests.DistinctBy(Key).Take(slots).ToList();
                // All of the most wanted and nobody else, each once and at the size asked for, in slots that exist.
                Assert.Equal(wanted.Select(Key).Order(), view.Select(Key).Order());
                Assert.All(view, slot => Assert.Contains(wanted, request => Key(request) == Key(slot) && request.Width == slot.Width));
                Assert.Equal(view.Count, view.Select(slot => slot.Mid).Distinct().Count());
                Assert.All(view, slot => Assert.Contains(slot.Mid, mids));
                // Who was seen before and still is, is in the same slot.
                foreach (var slot in before)
                {
                    if (view.FirstOrDefault(now => Key(now) == Key(slot)) is { } now) Assert.Equal(slot.Mid, now.Mid);
                }

                Assert.Equal(view, SlotAssignment.Assign(mids, requests.Reverse().Where(request => wanted.Contains(request)), view));
                before = view;
            }
        });

    private static string Key(ViewRequest request) => $"{request.ParticipantId} {request.Source}";

    private static string Key(SlotView slot) => $"{slot.ParticipantId} {slot.Source}";
}
