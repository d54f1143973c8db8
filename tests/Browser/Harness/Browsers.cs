using System.Diagnostics;
using Microsoft.Playwright;

namespace Parley.Browser.Harness;

/// <summary>Debian's Chromium and Firefox, each started when the first test asks for it. Tests that run at once share them.</summary>
internal sealed class Browsers : IAsyncDisposable
{
    private readonly SemaphoreSlim _starting = new(1);

    public const string ChromiumPath = "/usr/bin/chromium";

    public static readonly string[] ChromiumArguments =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync", "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream=fps=15", "--autoplay-policy=no-user-gesture-required",
    ];

    private IPlaywright? _playwright;
    private IBrowser? _chromium;
    private IBrowser? _firefox;
    private NullSoundCard? _soundCard;

    public Task<IBrowser> Chromium() => OneAtATime(async () => _chromium is { IsConnected: true }
        ? _chromium
        : _chromium = await (await Playwright()).Chromium.LaunchAsync(new()
        {
            ExecutablePath = ChromiumPath,
            Args = ChromiumArguments,
        }));

    public Task<IBrowser> Firefox() => OneAtATime(async () =>
    {
        if (_firefox is { IsConnected: true }) return _firefox;
        _soundCard ??= await NullSoundCard.StartAsync();
        var environment = Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>()
            .ToDictionary(entry => (string)entry.Key, entry => (string?)entry.Value ?? "");
        foreach (var (key, value) in _soundCard.Environment) environment[key] = value;
        return _firefox = await (await Playwright()).Firefox.LaunchAsync(new()
        {
            Channel = "moz-firefox",
            ExecutablePath = "/usr/bin/firefox-esr",
            Env = environment,
            FirefoxUserPrefs = new Dictionary<string, object>
            {
                ["media.navigator.streams.fake"] = true,
                ["media.navigator.permission.disabled"] = true,
                ["media.autoplay.default"] = 0,
                ["media.peerconnection.ice.obfuscate_host_addresses"] = false,
            },
        });
    });

    public async ValueTask DisposeAsync()
    {
        if (_chromium is not null) await _chromium.CloseAsync();
        if (_firefox is not null) await _firefox.CloseAsync();
        _playwright?.Dispose();
        if (_soundCard is not null) await _soundCard.DisposeAsync();
        _starting.Dispose();
    }

    private async Task<IPlaywright> Playwright() => _playwright ??= await Microsoft.Playwright.Playwright.CreateAsync();

    private async Task<IBrowser> OneAtATime(Func<Task<IBrowser>> start)
    {
        await _starting.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            return await start();
        }
        finally
        {
            _starting.Release();
        }
    }
}
