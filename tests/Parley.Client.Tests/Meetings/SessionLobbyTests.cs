using Parley.Client.Meetings;
using Parley.Protocol;
using Parley.Server.Tests.Meetings;

namespace Parley.Client.Tests.Meetings;

/// <summary>Waiting to be let in, against a server of the test's.</summary>
public sealed class SessionLobbyTests
{
    private readonly FakeHub _hub = new();
    private bool _isOpen;

    [Fact]
    public async Task Who_waits_joins_with_the_token_that_the_host_gave()
    {
        var (joining, link, told) = await KnockAsync();
        Assert.Equal("Wait.", await told.Soon());
        Assert.False(joining.IsCompleted);
        link.Tell(MeetingEvents.ChatAdded, FakeHub.Line("not for us"));
        _isOpen = true;
        link.Tell(MeetingEvents.Admitted, new Admitted("ticket"));
        var second = await _hub.NextLinkAsync();
        var request = Assert.IsType<JoinRequest>((await second.CallOfAsync("join"))[0]);
        Assert.Equal(("ticket", "sesame"), (request.ResumeToken, request.Passcode));
        await using var session = await joining.Soon();
        await link.WhenDisposed;
        Assert.Equal(SessionState.Joined, session.State);
        Assert.Empty(session.Chat);
    }

    [Fact]
    public async Task Who_is_turned_away_is_told_so()
    {
        var (joining, link, _) = await KnockAsync();
        link.Tell(MeetingEvents.TurnedAway, new TurnedAway("A host did not let you in."));
        var refused = await Assert.ThrowsAsync<ParleyException>(() => joining.Soon());
        Assert.Equal((ParleyError.Refused, "A host did not let you in.", ErrorCodes.NotAllowed), (refused.Error, refused.Message, refused.Code));
        await link.WhenDisposed;
    }

    [Fact]
    public async Task A_meeting_that_ends_meanwhile_is_told_as_that()
    {
        var (joining, link, _) = await KnockAsync();
        link.Tell(MeetingEvents.MeetingEnded, new MeetingEnded(EndReason.Cancelled, null, "It has ended."));
        Assert.Equal(ErrorCodes.MeetingEnded, (await Assert.ThrowsAsync<ParleyException>(() => joining.Soon())).Code);
    }

    [Fact]
    public async Task A_connection_that_is_lost_while_waiting_knocks_again()
    {
        var (joining, link, _) = await KnockAsync();
        var retry = await _hub.LoseAsync(link);
        retry.Fire();
        var second = await _hub.NextLinkAsync();
        await second.CallOfAsync("join");
        _isOpen = true;
        second.Tell(MeetingEvents.Admitted, new Admitted("ticket"));
        await using var session = await joining.Soon();
    }

    [Fact]
    public async Task Who_does_not_want_to_wait_any_more_is_gone()
    {
        using var patience = new CancellationTokenSource();
        var (joining, link, told) = await KnockAsync(patience);
        await told.Soon();
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => joining.Soon());
        await link.WhenDisposed;
    }

    [Fact]
    public async Task An_answer_that_overtakes_the_reply_counts_too()
    {
        _hub.Answer = (link, method, _) =>
        {
            if (method != "join" || _isOpen) return null;
            _isOpen = true;
            link.Tell(MeetingEvents.Admitted, new Admitted("ticket"));
            return Task.FromResult<object>(Waiting);
        };
        await using var session = await _hub.JoinAsync();
        Assert.Equal(SessionState.Joined, session.State);
    }

    private static Reply<Joined> Waiting => new(null, new ProtocolError(ErrorCodes.Waiting, "Wait."));

    private async Task<(Task<MeetingSession> Joining, FakeLink Link, Task<string> Told)> KnockAsync(CancellationTokenSource? patience = null)
    {
        var told = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        _hub.Answer = (_, method, _) => method == "join" && !_isOpen ? Task.FromResult<object>(Waiting) : null;
        var options = new JoinOptions { Name = "me", Passcode = "sesame", OnWaiting = message => told.TrySetResult(message) };
        var joining = MeetingSession.JoinAsync(_hub.Context(options), patience?.Token ?? TestContext.Current.CancellationToken);
        var link = await _hub.NextLinkAsync();
        await link.CallOfAsync("join");
        await told.Task.Soon();
        return (joining, link, told.Task);
    }
}
