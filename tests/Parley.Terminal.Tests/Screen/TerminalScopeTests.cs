using System.Runtime.InteropServices;
using System.Text;
using Parley.Terminal.Screen;

namespace Parley.Terminal.Tests.Screen;

public sealed class TerminalScopeTests
{
    private const string Entered = "\e[?1049h\e[?25l\e[2J\e[H";
    private const string Left = "\e[0m\e[?25h\e[?1l\e>\e[?1049l";

    private readonly MemoryStream _output = new();

    [Fact]
    public void The_screen_is_given_back_once_and_nothing_is_drawn_after_it()
    {
        var scope = new TerminalScope(_output, modes: null);
        Assert.Equal(Entered, Drawn());
        scope.Write("tiles"u8);
        scope.Dispose();
        scope.Dispose();
        scope.Write("too late"u8);
        Assert.Equal(Entered + "tiles" + Left, Drawn());
    }

    [Fact]
    public void Keys_come_one_by_one_unseen_and_signals_stay_until_it_is_as_before()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The modes of a terminal are set on Linux only.");
        using var terminal = new PseudoTerminal();
        var before = terminal.Modes();
        using (new TerminalScope(_output, TerminalModes.Of(terminal.Descriptor)))
        {
            var local = Local(terminal.Modes());
            // ICANON, ECHO and ISIG (termios(3)).
            Assert.Equal(0u, local & (0x2 | 0x8));
            Assert.Equal(0x1u, local & 0x1);
            Assert.NotEqual(0u, Local(before) & 0x2);
        }

        Assert.Equal(before, terminal.Modes());
    }

    [Fact]
    public void Nothing_that_is_no_terminal_has_modes()
    {
        using var file = File.OpenHandle(typeof(TerminalScopeTests).Assembly.Location);
        Assert.Null(TerminalModes.Of((int)file.DangerousGetHandle()));
    }

    [Fact]
    public async Task A_window_of_another_size_is_told()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "SIGWINCH is told on Linux only.");
        using var scope = new TerminalScope(_output, modes: null);
        var told = new TaskCompletionSource();
        scope.Changed += () => told.TrySetResult();
        using var kill = System.Diagnostics.Process.Start("kill", ["-WINCH", $"{Environment.ProcessId}"]);
        await told.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    private static uint Local(byte[] modes) => MemoryMarshal.Cast<byte, uint>(modes.AsSpan(12))[0];

    private string Drawn() => Encoding.UTF8.GetString(_output.ToArray());
}
