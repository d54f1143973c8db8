using System.ComponentModel;
using System.Diagnostics;

namespace Parley.SideBySide;

/// <summary>Real speech, as espeak-ng speaks it, in a file that goes with this.</summary>
internal sealed class Speech : IDisposable
{
    /// <summary>Half a minute, with a pause after each sentence.</summary>
    private const string Text =
        "The meeting begins at ten. Who would like to speak first? I have read the report, and there are three things that I do not understand. "
        + "First, the figures of the second quarter. They differ from what was told in May. Second, who decides how much is spent, and when? "
        + "And third, we said that the old building would be sold by the end of the year. Is that still true? Thank you. I shall answer in that order. "
        + "The figures were corrected in June, after the audit. The board decides, on the first Monday of each month. And the building is sold.";

    private Speech(string path) => Path = path;

    /// <summary>A WAV file.</summary>
    public string Path { get; }

    /// <summary>Has it spoken.</summary>
    /// <exception cref="InvalidOperationException">There is no espeak-ng.</exception>
    public static async Task<Speech> CreateAsync(CancellationToken cancellation)
    {
        var speech = new Speech(System.IO.Path.Combine(Directory.CreateTempSubdirectory("side-by-side-").FullName, "speech.wav"));
        try
        {
            using var espeak = Process.Start(new ProcessStartInfo("espeak-ng") { ArgumentList = { "-v", "en", "-w", speech.Path, Text } })!;
            await espeak.WaitForExitAsync(cancellation).ConfigureAwait(false);
            return espeak.ExitCode == 0 ? speech : throw new InvalidOperationException($"espeak-ng ended with {espeak.ExitCode}.");
        }
        catch (Win32Exception)
        {
            speech.Dispose();
            throw new InvalidOperationException("There is no espeak-ng, which speaks what is mixed: 'apt-get install espeak-ng'.");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(System.IO.Path.GetDirectoryName(Path)!, recursive: true);
}
