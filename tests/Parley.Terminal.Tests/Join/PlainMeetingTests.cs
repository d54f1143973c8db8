using System.Text.RegularExpressions;
using Parley.Client;
using Parley.Client.Meetings;
using Parley.Protocol;
using Parley.Terminal.Join;
using Parley.Terminal.Join.Media;
using Parley.Terminal.Join.Room;
using Parley.Terminal.Tests.Harness;

namespace Parley.Terminal.Tests.Join;

/// <summary>`parley join` without a terminal, against a real server.</summary>
public sealed partial class PlainMeetingTests(LiveServer live) : IClassFixture<LiveServer>
{
    private readonly LinesToSay _input = new();
    private readonly LineLog _output = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Tells_who_comes_what_is_said_and_who_goes()
    {
        var meeting = await live.Client.CreateMeetingAsync("Weekly", "Ada", Token);
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var run = Run(meeting.Id, leaving.Token);
        await UntilJoinedAsync(meeting.Id);
        await using (var ben = await live.Client.JoinAsync(meeting.Id, new JoinOptions { Name = "Ben", Media = false }, Token))
        {
            await _output.UntilAsync("Ben joined");
            await ben.SendChatAsync("hello\n12:00:00 Ada: forged", Token);
            await _output.UntilAsync("forged");
            _input.Add("good morning");
            _input.Add("/who");
            await _output.UntilAsync("Ben: microphone off, camera off");
            await _output.UntilAsync("<Ada> good morning");
            _input.End();
        }

        await _output.UntilAsync("Ben left");
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);

        var lines = _output.Text.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
        Assert.All(lines, line => Assert.Matches(Line(), line));
        Assert.Contains("         12:00:00 Ada: forged", lines);
        Assert.DoesNotContain('\e', _output.Text);
        Assert.Equal(0, await PeopleAsync(meeting.Id));
    }

    [Fact]
    public async Task The_end_of_the_input_leaves_once_everything_is_said_if_asked_to()
    {
        var meeting = await live.Client.CreateMeetingAsync("Weekly", "Ada", Token);
        await using var ben = await live.Client.JoinAsync(meeting.Id, new JoinOptions { Name = "Ben", Media = false }, Token);
        _input.Add("one");
        _input.Add("//two");
        _input.Add("/nonsense");
        _input.End();

        Assert.Equal(ExitCodes.Ok, await Run(meeting.Id, Token, leaveAtEof: true));

        await Conditions.UntilAsync(() => ben.Chat.Count == 2 && ben.Participants.Count == 1, "both lines, and Ada gone");
        Assert.Equal(["one", "/two"], ben.Chat.Select(line => line.Text));
        Assert.Contains("There is no such command", _output.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_meeting_that_its_host_ends_ends_well_with_one_line()
    {
        var meeting = await live.Client.CreateMeetingAsync("Weekly", "Ada", Token);
        var run = Run(meeting.Id, Token);
        await UntilJoinedAsync(meeting.Id);
        await live.Client.CancelMeetingAsync(meeting.Id, meeting.CreatorSecret, Token);

        Assert.Equal(ExitCodes.Ok, await run);

        Assert.Contains("ended", _output.Text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain('\e', _output.Text);
    }

    [Fact]
    public async Task Chat_from_before_is_told_first()
    {
        var meeting = await live.Client.CreateMeetingAsync("Weekly", "Ada", Token);
        await using var ben = await live.Client.JoinAsync(meeting.Id, new JoinOptions { Name = "Ben", Media = false }, Token);
        await ben.SendChatAsync("you are late", Token);
        _input.End();

        await Run(meeting.Id, Token, leaveAtEof: true);

        Assert.Matches(@"^\d\d:\d\d:\d\d <Ben> you are late\r?\n", _output.Text);
    }

    [Fact]
    public void A_connection_lost_for_good_is_an_error_of_its_kind()
    {
        var state = new MeetingState("Weekly", default, "a", TimeProvider.System);
        state.Apply(new SessionEnded(SessionEndReason.Lost, "The server is away"));

        var lost = Assert.Throws<ParleyException>(() => JoinRun.End(state, _output));

        Assert.Equal(ExitCodes.Lost, ExitCodes.Of(lost.Error));
        Assert.Equal("The server is away", lost.Message);
    }

    [Fact]
    public async Task Ctrl_C_leaves_the_meeting_and_says_so_by_the_exit_code()
    {
        var meeting = await live.Client.CreateMeetingAsync("Weekly", "Ada", Token);
        using var process = ParleyProcess.Start("join", meeting.Id, "--server", live.Http, "--name", "Ada");
        await UntilJoinedAsync(meeting.Id);
        await process.SignalAsync("INT");

        var ended = await process.EndAsync();

        Assert.Equal((ExitCodes.Interrupted, ""), (ended.Code, ended.Error));
        Assert.Equal(0, await PeopleAsync(meeting.Id));
    }

    [Fact]
    public async Task What_is_saved_is_named_even_after_Ctrl_C()
    {
        var meeting = await live.Client.CreateMeetingAsync("Weekly", "Ada", Token);
        var folder = live.NewStateFolder();
        using var ben = ParleyProcess.Start("join", meeting.Id, "--server", live.Http, "--name", "Ben", "--mic", "tone:440");
        using var process = ParleyProcess.Start("join", meeting.Id, "--server", live.Http, "--name", "Ada", "--save", folder);

        // A WAV's header is 44 bytes.
        await Conditions.UntilAsync(
            () => Directory.EnumerateFiles(folder, "mix.wav", SearchOption.AllDirectories).Any(file => new FileInfo(file).Length > 44), "something is heard");
        await process.SignalAsync("INT");

        var ended = await process.EndAsync();

        Assert.Equal(ExitCodes.Interrupted, ended.Code);
        var made = Assert.Single(Directory.GetDirectories(folder));
        Assert.Contains($"Saved in {made}: mix.wav", ended.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_joined_is_one_line_and_an_exit_code_by_kind()
    {
        (await ParleyProcess.RunAsync("join", "http://")).OneLine(ExitCodes.Usage);
        (await ParleyProcess.RunAsync("join", "no-such-meeting", "--server", live.Http)).OneLine(ExitCodes.Refused);
        (await ParleyProcess.RunAsync("join", "x", "--server", "http://127.0.0.1:1")).OneLine(ExitCodes.Unreachable);
        (await ParleyProcess.RunAsync("join", "x", "--server", live.Http, "--mic", "no/such.ogg")).OneLine(ExitCodes.Media);
        (await ParleyProcess.RunAsync("join", "x", "--server", live.Http, "--mic", "tone:high")).OneLine(ExitCodes.Usage);
        Assert.Contains("640x360", (await ParleyProcess.RunAsync("join", "x", "--size", "641x360")).OneLine(ExitCodes.Usage), StringComparison.Ordinal);
    }

    private async Task<int> Run(string id, CancellationToken cancellation, bool leaveAtEof = false)
    {
        var settings = new JoinSettings { Link = new MeetingLink(live.Client.Address, id), Name = "Ada", Plain = true, LeaveAtEof = leaveAtEof };
        var tools = new MediaTools(null, null, SoundSystem.None);
        return await new JoinRun(live.Client, settings, tools, TimeProvider.System) { Input = _input, Output = _output }.RunAsync(cancellation);
    }

    private Task UntilJoinedAsync(string id) => Conditions.UntilAsync(async () => await PeopleAsync(id) == 1, "Ada is there");

    /// <summary>A meeting that the last one has left is no longer listed.</summary>
    private async Task<int> PeopleAsync(string id) =>
        (await live.Client.ListMeetingsAsync(Token)).FirstOrDefault(meeting => meeting.Id == id)?.Participants ?? 0;

    [GeneratedRegex(@"^(\d\d:\d\d:\d\d |         )\S")]
    private static partial Regex Line();
}
