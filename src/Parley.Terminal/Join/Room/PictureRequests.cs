using System.Collections.Concurrent;
using Parley.Client;
using Parley.Client.Meetings;

namespace Parley.Terminal.Join.Room;

/// <summary>Asks the server for pictures when others are wanted than were asked for, and not more often than it needs to know.</summary>
/// <param name="show">As <see cref="MeetingSession.ShowAsync"/>.</param>
/// <param name="notice">Takes a sentence about what was refused. Any thread.</param>
/// <param name="period">From one request to the next, at least: a window being dragged has a new size with each frame.</param>
/// <param name="time">The clock.</param>
internal sealed class PictureRequests(Func<IReadOnlyList<ViewRequest>, Task> show, Action<string> notice, TimeSpan period, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, byte> _standing = new();
    private IReadOnlyList<ViewRequest> _asked = [];
    private long? _askedAt;

    /// <summary>Someone's pictures stand still: what is shown anew begins with a keyframe. Any thread.</summary>
    public void AskAgain(string participantId) => _standing.TryAdd(participantId, 0);

    /// <summary>Says what is wanted now; asks when it is time. To be called again and again.</summary>
    public void Want(IReadOnlyList<ViewRequest> wanted)
    {
        if (_askedAt is { } before && time.GetElapsedTime(before) < period) return;
        // Left out of one request, they are back in the next.
        if (!_standing.IsEmpty) wanted = [.. wanted.Where(one => !_standing.ContainsKey(one.ParticipantId))];
        _standing.Clear();
        if (wanted.SequenceEqual(_asked)) return;
        (_asked, _askedAt) = (wanted, time.GetTimestamp());
        _ = ShowAsync(wanted);
    }

    private async Task ShowAsync(IReadOnlyList<ViewRequest> wanted)
    {
        try
        {
            await show(wanted);
        }
        catch (ParleyException e) when (e.Error == ParleyError.Lost)
        {
            // The session tells how it ends.
        }
        catch (ParleyException e)
        {
            notice(e.Message);
        }
    }
}
