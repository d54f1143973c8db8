using Parley.Client;
using Parley.Client.Meetings;
using Parley.Terminal.Join.Drawing;
using Parley.Terminal.Join.Media;
using Parley.Terminal.Join.Room;
using Parley.Terminal.Join.View;
using Parley.Terminal.Screen;

namespace Parley.Terminal.Join;

/// <summary>One presence in a meeting from the command line to the exit code.</summary>
internal sealed class JoinRun(ParleyServer server, JoinSettings settings, MediaTools tools, TimeProvider time)
{
    /// <summary>A server that does not answer keeps nobody in the meeting.</summary>
    private static readonly TimeSpan LeavePatience = TimeSpan.FromSeconds(3);

    /// <summary>A window being dragged has a new size with each frame; the server needs to know where it ends.</summary>
    private static readonly TimeSpan RequestPeriod = TimeSpan.FromMilliseconds(300);

    /// <summary>Where plain lines to say come from.</summary>
    public TextReader Input { get; init; } = Console.In;

    /// <summary>Where plain lines go, and on a screen what is said after it.</summary>
    public TextWriter Output { get; init; } = Console.Out;

    /// <returns>The exit code.</returns>
    /// <exception cref="ParleyException">As the client's, and Media for devices, files and ffmpeg; Lost when the meeting was lost.</exception>
    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        var onScreen = !settings.Plain && TerminalScope.IsPossible;
        await using var media = await JoinMedia.OpenAsync(settings, tools, onScreen, time, cancellation);
        await using var session = await server.JoinAsync(settings.Link.MeetingId, media.Options(settings), cancellation);

        var inbox = new Inbox();
        var state = new MeetingState(session.Title, session.Meeting.StartedAt, session.ParticipantId, time);
        state.Sync(session.ParticipantId, session.Participants);
        state.History(session.Chat);
        var controls = new MeetingControls(session, state, inbox, media.HasMic, media.HasCamera);
        controls.SwitchedOn += media.SwitchedOn;
        media.Tell(controls.DeviceEnded);
        media.NameOf = id => session.Participants.FirstOrDefault(person => person.Id == id)?.Name;
        foreach (var warning in media.Warnings) state.Notice(warning);

        using var reading = new CancellationTokenSource();
        var events = ReadAsync(session, controls, inbox, reading.Token);
        try
        {
            if (onScreen) await OnScreenAsync(session, state, controls, inbox, media, cancellation);
            else await InLinesAsync(session, state, controls, inbox, cancellation);
        }
        finally
        {
            inbox.Close();
            await LeaveAsync(session);
            await reading.CancelAsync();
            await events;
            // Also after Ctrl-C: the files are finished, and this is how one knows where they are.
            await media.DisposeAsync();
            if (media.Saved() is { } saved) await Output.WriteLineAsync(Glyphs.Clean(saved));
        }

        return End(state, Output);
    }

    private async Task OnScreenAsync(
        MeetingSession session, MeetingState state, MeetingControls controls, Inbox inbox, JoinMedia media, CancellationToken cancellation)
    {
        var depth = settings.Colors ?? ColorDepths.Find(Environment.GetEnvironmentVariable);
        var pictures = media.Pictures;
        var screen = new MeetingScreen(state, controls, (IPictures?)pictures ?? new NoPictures(), session.Limits.ChatLength, pictures is not null, depth, time);
        var requests = new PictureRequests(view => session.ShowAsync(view), controls.Notice, RequestPeriod, time);
        if (pictures is not null) pictures.KeyframeWanted += requests.AskAgain;
        await new ScreenMeeting(state, controls, inbox, time).RunAsync(screen, OnFrame, cancellation);

        void OnFrame()
        {
            media.Watch(screen.ShowsOwnCamera ? state.OwnId : null);
            requests.Want(Wanted(screen.Wanted, session, state));
        }
    }

    private async Task InLinesAsync(MeetingSession session, MeetingState state, MeetingControls controls, Inbox inbox, CancellationToken cancellation)
    {
        var requests = new PictureRequests(view => session.ShowAsync(view), controls.Notice, TimeSpan.Zero, time);
        await new PlainMeeting(state, controls, inbox, time)
            .RunAsync(Input, Output, settings.LeaveAtEof, () => requests.Want(Wanted([], session, state)), cancellation);
    }

    private IReadOnlyList<ViewRequest> Wanted(IReadOnlyList<ViewRequest> tiles, MeetingSession session, MeetingState state) =>
        settings.Save is null ? tiles : ViewPlan.ForSaving(tiles, state.People, state.OwnId, session.Limits.Slots);

    private static async Task ReadAsync(MeetingSession session, MeetingControls controls, Inbox inbox, CancellationToken cancellation)
    {
        try
        {
            await foreach (var happened in session.ReadEventsAsync(cancellation)) await inbox.PostAsync(() => controls.Apply(happened));
        }
        catch (OperationCanceledException)
        {
            // We have left.
        }
    }

    private async Task LeaveAsync(MeetingSession session)
    {
        using var patience = new CancellationTokenSource(LeavePatience, time);
        try
        {
            await session.LeaveAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            // The server will notice by itself.
        }
    }

    /// <summary>Says how it ended, where that was not the user's doing.</summary>
    internal static int End(MeetingState state, TextWriter output)
    {
        switch (state.Ended)
        {
            case null or { Reason: SessionEndReason.Left }:
                return ExitCodes.Ok;
            case { Reason: SessionEndReason.MeetingEnded, Message: var message }:
                output.WriteLine(Glyphs.Clean(message));
                return ExitCodes.Ok;
            case { Message: var message }:
                throw new ParleyException(ParleyError.Lost, message);
        }
    }
}
