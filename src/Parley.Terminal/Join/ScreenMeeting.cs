using System.Collections.Concurrent;
using Parley.Client;
using Parley.Client.Meetings;
using Parley.Terminal.Join.Input;
using Parley.Terminal.Join.Room;
using Parley.Terminal.Join.View;
using Parley.Terminal.Screen;

namespace Parley.Terminal.Join;

/// <summary>The meeting on a terminal: 15 times a second keys are taken, events applied and a frame drawn.</summary>
internal sealed class ScreenMeeting(MeetingSession session, MeetingState state, MeetingControls controls, Inbox inbox, TimeProvider time)
{
    private static readonly TimeSpan FramePeriod = TimeSpan.FromMilliseconds(67);

    /// <summary>A window being dragged has a new size with each frame; the server needs to know where it ends.</summary>
    private static readonly TimeSpan ViewPeriod = TimeSpan.FromMilliseconds(300);

    /// <summary>How long the last frame may take to reach a terminal that is slow.</summary>
    private static readonly TimeSpan WritePatience = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<string, byte> _standing = new();
    private Task _writing = Task.CompletedTask;
    private IReadOnlyList<ViewRequest> _asked = [];
    private long _askedAt;

    /// <summary>Goes on until the session ends or the user leaves; then the terminal is as it was.</summary>
    /// <param name="screen">What is drawn.</param>
    /// <param name="onOwnCameraShown">Told after each frame.</param>
    /// <param name="cancellation">Stops.</param>
    public async Task RunAsync(MeetingScreen screen, Action<bool> onOwnCameraShown, CancellationToken cancellation)
    {
        using var terminal = TerminalScope.Enter();
        var isStale = 1;
        terminal.Changed += () => Volatile.Write(ref isStale, 1);
        try
        {
            var keyboard = Keyboard.Open();
            using var frames = new PeriodicTimer(FramePeriod, time);
            do
            {
                inbox.Drain();
                foreach (var key in keyboard.Take()) screen.Press(key);
                if (keyboard.IsClosed) controls.Do(MeetingAction.Leave);
                // A terminal that is slow gets fewer frames, not later ones.
                if (!_writing.IsCompleted) continue;
                await _writing;
                if (Interlocked.Exchange(ref isStale, 0) == 1)
                {
                    // Pasted text comes in brackets: no line of it is sent by itself, none of it is a command.
                    terminal.Write("\e[?2004h"u8);
                    screen.Forget();
                }

                Draw(terminal, screen);
                onOwnCameraShown(screen.ShowsOwnCamera);
                Ask(screen.Wanted);
            }
            while (state.Ended is null && !controls.IsLeaving && await frames.WaitForNextTickAsync(cancellation));
        }
        catch (IOException)
        {
            // Nobody sees it any more: leave.
            controls.Do(MeetingAction.Leave);
        }
        finally
        {
            await Task.WhenAny(_writing, Task.Delay(WritePatience, time, CancellationToken.None));
            if (_writing.IsCompletedSuccessfully) terminal.Write("\e[?2004l"u8);
        }
    }

    private void Draw(TerminalScope terminal, MeetingScreen screen)
    {
        var frame = screen.Frame(Math.Clamp(Console.WindowWidth, 1, 1000), Math.Clamp(Console.WindowHeight, 1, 1000));
        if (!frame.IsEmpty) _writing = Task.Run(() => terminal.Write(frame.Span), CancellationToken.None);
    }

    /// <summary>Someone's pictures stand still: what is shown anew begins with a keyframe. Any thread.</summary>
    public void AskAgain(string participantId) => _standing.TryAdd(participantId, 0);

    private void Ask(IReadOnlyList<ViewRequest> wanted)
    {
        if (_askedAt != 0 && time.GetElapsedTime(_askedAt) < ViewPeriod) return;
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
            await session.ShowAsync(wanted);
        }
        catch (ParleyException e) when (e.Error == ParleyError.Lost)
        {
            // The session tells how it ends.
        }
        catch (ParleyException e)
        {
            controls.Notice(e.Message);
        }
    }
}
