using System.Diagnostics;

namespace Parley.Browser.Harness;

/// <summary>
/// A PulseAudio server of our own with nothing but a null sink. Firefox's AudioContext stays suspended on a machine without
/// a sound card, and then it neither makes a tone nor hears one.
/// </summary>
internal sealed class NullSoundCard : IAsyncDisposable
{
    private readonly Process _process;
    private readonly string _folder;

    private NullSoundCard(Process process, string folder)
    {
        _process = process;
        _folder = folder;
    }

    /// <summary>What a program needs in its environment to play here.</summary>
    public IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string> { ["PULSE_SERVER"] = $"unix:{Socket}" };

    private string Socket => Path.Combine(_folder, "native");

    public static async Task<NullSoundCard> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("parley-sound-").FullName;
        var start = new ProcessStartInfo("pulseaudio") { RedirectStandardError = true, RedirectStandardOutput = true };
        // -n: no configuration of the machine. A folder of its own as home and runtime, so that no other PulseAudio is met;
        // that also lets root run it.
        foreach (var argument in new[]
        {
            "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no", "--disable-shm=yes", "--log-level=error",
            "-L", "module-null-sink sink_name=parley rate=48000",
            "-L", $"module-native-protocol-unix auth-anonymous=1 socket={folder}/native",
        })
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["HOME"] = folder;
        start.Environment["XDG_RUNTIME_DIR"] = folder;
        var card = new NullSoundCard(Process.Start(start)!, folder);
        card._process.OutputDataReceived += (_, _) => { };
        card._process.ErrorDataReceived += (_, _) => { };
        card._process.BeginOutputReadLine();
        card._process.BeginErrorReadLine();
        var started = Stopwatch.GetTimestamp();
        while (!File.Exists(card.Socket))
        {
            if (card._process.HasExited || Stopwatch.GetElapsedTime(started) > TimeSpan.FromSeconds(15))
            {
                await card.DisposeAsync();
                throw new InvalidOperationException("pulseaudio did not start: Firefox has nothing to play to.");
            }

            await Task.Delay(50);
        }

        return card;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
