using System.Text;

namespace Parley.Terminal.Tests.Join;

/// <summary>Lines that were written, and a way to wait for one.</summary>
internal sealed class LineLog : TextWriter
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private readonly StringBuilder _written = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override Encoding Encoding => Encoding.UTF8;

    public string Text
    {
        get
        {
            lock (_gate) return _written.ToString();
        }
    }

    public override void Write(char value)
    {
        lock (_gate)
        {
            _written.Append(value);
            if (value != '\n') return;
            _changed.TrySetResult();
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    public async Task UntilAsync(string part)
    {
        for (var deadline = TimeProvider.System.GetTimestamp(); ;)
        {
            Task changed;
            lock (_gate)
            {
                if (_written.ToString().Contains(part, StringComparison.Ordinal)) return;
                changed = _changed.Task;
            }

            var left = Limit - TimeProvider.System.GetElapsedTime(deadline);
            Assert.True(left > TimeSpan.Zero, $"\"{part}\" was not written: {Text}");
            await Task.WhenAny(changed, Task.Delay(left, TestContext.Current.CancellationToken));
        }
    }
}
