using Parley.Terminal.Join.Input;
using Parley.Terminal.Join.Room;
using Parley.Terminal.Join.View;
using Parley.Terminal.Screen;

namespace Parley.Terminal.Join;

/// <summary>The meeting on a terminal: 15 times a second keys are taken, events applied and a frame drawn.</summary>
internal sealed class ScreenMeeting(MeetingState state, MeetingControls controls, Inbox inbox, TimeProvider time)
{
    private static readonly TimeSpan FramePeriod = TimeSpan.FromMilliseconds(67);

    /// <summary>How long the last frame may take to reach a terminal that is slow.</summary>
    private static readonly TimeSpan WritePatience = TimeSpan.FromSeconds(2);

    private Task _writing = Task.CompletedTask;

    /// <summary>Goes on until the session ends or the user leaves; then the terminal is as it was.</summary>
    /// <param name="screen">What is drawn.</param>
    /// <param name="onFrame">Told after each frame.</param>
    /// <param name="cancellation">Stops.</param>
    public async Task RunAsync(MeetingScreen screen, Action onFrame, CancellationToken cancellation)
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
                onFrame();
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
}
