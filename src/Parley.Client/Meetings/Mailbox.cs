using System.Threading.Channels;

namespace Parley.Client.Meetings;

/// <summary>Runs one short step after the other. Nothing in a step waits, so nothing can be waited for in a circle.</summary>
internal sealed class Mailbox
{
    private readonly Channel<Action> _steps = Channel.CreateUnbounded<Action>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Action<Exception> _onFault;

    /// <param name="onFault">Called when a step throws, which is a fault of ours.</param>
    public Mailbox(Action<Exception> onFault)
    {
        _onFault = onFault;
        Completion = Task.Run(RunAsync);
    }

    /// <summary>Done when the last step before <see cref="Complete"/> is.</summary>
    public Task Completion { get; }

    /// <returns>False after <see cref="Complete"/>: the step will not run.</returns>
    public bool Post(Action step) => _steps.Writer.TryWrite(step);

    public void Complete() => _steps.Writer.TryComplete();

    private async Task RunAsync()
    {
        await foreach (var step in _steps.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            try
            {
                step();
            }
            catch (Exception e)
            {
                _onFault(e);
            }
        }
    }
}
