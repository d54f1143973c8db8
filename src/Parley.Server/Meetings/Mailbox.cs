using System.Threading.Channels;

namespace Parley.Server.Meetings;

/// <summary>Commands, run one after another in the order they came. What a command throws goes to who asked.</summary>
internal sealed class Mailbox
{
    /// <summary>
    /// Each connection has one command under way at most, so this is full only when the store hangs; then those who ask wait.
    /// </summary>
    private const int Capacity = 1024;

    private readonly Channel<Func<Task>> _commands = Channel.CreateBounded<Func<Task>>(
        new BoundedChannelOptions(Capacity) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    private readonly Action<Exception> _onFault;

    /// <param name="onFault">Hears what a posted command throws; asked ones tell their asker.</param>
    public Mailbox(Action<Exception> onFault)
    {
        _onFault = onFault;
        Completion = Task.Run(RunAsync);
    }

    /// <summary>Done when all commands before <see cref="Complete"/> have run.</summary>
    public Task Completion { get; }

    /// <summary>Runs <paramref name="command"/> in its turn.</summary>
    /// <exception cref="ChannelClosedException">After <see cref="Complete"/>.</exception>
    public async Task<T> AskAsync<T>(Func<Task<T>> command)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        await _commands.Writer.WriteAsync(async () =>
        {
            try
            {
                answer.SetResult(await command());
            }
            catch (Exception e)
            {
                answer.SetException(e);
            }
        });
        return await answer.Task;
    }

    /// <summary>
    /// Runs <paramref name="command"/> in its turn; never blocks and never loses it before <see cref="Complete"/>. The caller
    /// sees to it that few are under way.
    /// </summary>
    public void Post(Func<Task> command)
    {
        if (!_commands.Writer.TryWrite(command)) _ = PostSlowlyAsync(command);
    }

    /// <summary>Takes no more commands.</summary>
    public void Complete() => _commands.Writer.TryComplete();

    private async Task PostSlowlyAsync(Func<Task> command)
    {
        try
        {
            await _commands.Writer.WriteAsync(command);
        }
        catch (ChannelClosedException)
        {
            // The meeting is over or stopping: what is posted (a timer, a lost connection) has no meaning any more.
        }
    }

    private async Task RunAsync()
    {
        await foreach (var command in _commands.Reader.ReadAllAsync())
        {
            try
            {
                await command();
            }
            catch (Exception e)
            {
                _onFault(e);
            }
        }
    }
}
