using Microsoft.Playwright;

namespace Parley.Browser.Harness;

/// <summary>Opens participants for one test and closes them after it; a failed one leaves pictures and logs.</summary>
public abstract class BrowserTest(Stage stage) : IAsyncLifetime
{
    private readonly List<Participant> _participants = [];
    private int _logBefore;

    internal Stage Stage { get; } = stage;

    public async ValueTask InitializeAsync()
    {
        await Stage.Renew();
        _logBefore = Stage.Server.Log.Count;
    }

    public async ValueTask DisposeAsync()
    {
        if (TestContext.Current.TestState?.Result == TestResult.Failed) await TellWhatWas();
        foreach (var participant in _participants) await participant.DisposeAsync();
        Assert.False(Stage.Server.HasStopped, $"The server stopped during this test:\n{string.Join('\n', Stage.Server.Log.Skip(_logBefore))}");
        GC.SuppressFinalize(this);
    }

    internal async Task<Participant> Open(Person person, IBrowser? browser = null, Uri? server = null)
    {
        var participant = await Participant.OpenAsync(browser ?? await Stage.Browsers.Chromium(), server ?? Stage.Server.Address, person);
        _participants.Add(participant);
        return participant;
    }

    private async Task TellWhatWas()
    {
        var output = TestContext.Current.TestOutputHelper!;
        var test = TestContext.Current.TestMethod!.MethodName;
        Directory.CreateDirectory(Repository.Failures);
        foreach (var participant in _participants)
        {
            output.WriteLine($"--- {participant.Person.Name}, {participant.Page.Url}");
            foreach (var line in participant.Console) output.WriteLine(line);
            try
            {
                var picture = Path.Combine(Repository.Failures, $"{test}-{participant.Person.Name}.png");
                await participant.Page.ScreenshotAsync(new() { Path = picture, Timeout = 5000 });
                output.WriteLine($"Picture: {Path.GetRelativePath(Repository.Root, picture)}");
            }
            catch (Exception e) when (e is PlaywrightException or TimeoutException)
            {
                output.WriteLine($"No picture: {e.Message}");
            }
        }

        output.WriteLine("--- server");
        foreach (var line in Stage.Server.Log.Skip(_logBefore)) output.WriteLine(line);
    }
}
