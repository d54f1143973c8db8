using Parley.Client;
using Parley.Protocol;

namespace Parley.Terminal.Load;

/// <summary>The meetings of a run: created for it, cancelled after it.</summary>
internal sealed class LoadMeetings(ParleyServer server, RatePacer creates, RatePacer cancels)
{
    private const string Creator = "parley load";

    private readonly List<MeetingCreated> _created = [];

    /// <summary>Their ids; all of them once <see cref="CreateAsync"/> is done.</summary>
    public IReadOnlyList<string> Ids => [.. _created.Select(meeting => meeting.Id)];

    /// <exception cref="ParleyException">One cannot be created.</exception>
    public async Task CreateAsync(int count, CancellationToken cancellation)
    {
        while (_created.Count < count)
        {
            var title = FormattableString.Invariant($"Load {_created.Count + 1} of {count}");
            _created.Add(await creates.RunAsync(ct => server.CreateMeetingAsync(title, Creator, ct), cancellation).ConfigureAwait(false));
        }
    }

    /// <summary>Ends them, as many as the server lets us end within a time.</summary>
    /// <returns>How many are left to end by themselves.</returns>
    public async Task<int> CancelAsync(TimeSpan patience)
    {
        using var timer = new CancellationTokenSource(patience);
        var left = _created.Count;
        foreach (var meeting in _created)
        {
            try
            {
                await cancels.RunAsync(
                    async ct =>
                    {
                        await server.CancelMeetingAsync(meeting.Id, meeting.CreatorSecret, ct).ConfigureAwait(false);
                        return true;
                    },
                    timer.Token).ConfigureAwait(false);
                left--;
            }
            catch (ParleyException e) when (e.Code is ErrorCodes.MeetingEnded or ErrorCodes.MeetingUnknown)
            {
                left--;
            }
            catch (ParleyException)
            {
                // The server is away, or refuses: the next may fare better until the time is over.
            }
            catch (OperationCanceledException)
            {
                break;
            }
        }

        return left;
    }
}
