using Parley.Terminal.Join.Drawing;
using Parley.Terminal.Join.Room;

namespace Parley.Terminal.Join;

/// <summary>
/// A meeting as lines: `12:03:04 Ada joined`, `12:03:10 &lt;Ada&gt; hello`. What has more lines is indented, so that nobody's text
/// can look like a line of ours. No escape sequences; what is read are lines of chat and commands.
/// </summary>
internal sealed class PlainMeeting(MeetingState state, MeetingControls controls, Inbox inbox, TimeProvider time)
{
    /// <summary>As wide as the time and a space.</summary>
    private const string Indent = "         ";

    private long _written;

    /// <summary>Goes on until the session ends or the user leaves.</summary>
    /// <param name="input">Lines to say; read on a thread of their own.</param>
    /// <param name="output">Where the lines go.</param>
    /// <param name="leaveAtEof">Whether the end of the input leaves, once everything is said.</param>
    /// <param name="onChange">Told after each change.</param>
    /// <param name="cancellation">Stops.</param>
    public async Task RunAsync(TextReader input, TextWriter output, bool leaveAtEof, Action onChange, CancellationToken cancellation)
    {
        var thread = new Thread(() => Read(input, leaveAtEof)) { IsBackground = true, Name = "lines to say" };
        thread.Start();
        do
        {
            inbox.Drain();
            onChange();
            await WriteAsync(output);
        }
        while (state.Ended is null && !controls.IsLeaving && await inbox.WaitAsync(cancellation));
    }

    private async Task WriteAsync(TextWriter output)
    {
        if (_written == state.Transcript.Total) return;
        foreach (var entry in state.Transcript.Since(_written)) await output.WriteLineAsync(Format(entry));
        _written = state.Transcript.Total;
        await output.FlushAsync();
    }

    private string Format(TranscriptEntry entry)
    {
        var text = string.Join(Environment.NewLine + Indent, entry.Text.Split('\n').Select(Glyphs.Clean));
        return Clock.Second(entry.At, time) + " " + (entry.IsChat ? $"<{Glyphs.Clean(entry.Name)}> {text}" : text);
    }

    /// <summary>Reading blocks and cannot be cancelled everywhere: the thread ends with the process.</summary>
    private void Read(TextReader input, bool leaveAtEof)
    {
        try
        {
            while (input.ReadLine() is { } line) inbox.PostAsync(() => controls.Enter(line)).GetAwaiter().GetResult();
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // As if it had ended.
        }

        if (leaveAtEof) _ = inbox.PostAsync(() => _ = LeaveWhenSaidAsync());
    }

    private async Task LeaveWhenSaidAsync()
    {
        await controls.WhenSaidAsync();
        await inbox.PostAsync(() => controls.Do(Input.MeetingAction.Leave));
    }
}
