using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json;
using Microsoft.Playwright;

namespace Parley.Browser.Harness;

/// <summary>One person at one browser, who uses the page as people do: by clicking and typing.</summary>
internal sealed class Participant : IAsyncDisposable
{
    /// <summary>For what needs the network or a picture; two loaded cores take their time.</summary>
    private const float Patience = 30_000;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);
    private static readonly string PeerScript = Script("peer.js");
    private static readonly string RecorderScript = Script("recorder.js");
    private static readonly string LipsScript = Script("lips.js");
    private static readonly string ScenesScript = Script("scenes.js");

    private static readonly Lazy<string> Axe = new(() => File.ReadAllText(Path.Combine(Repository.Root, "web", "node_modules", "axe-core", "axe.min.js")));

    private readonly IBrowserContext _context;
    private readonly Uri _server;
    private readonly ConcurrentQueue<string> _console = new();

    private Participant(Person person, IBrowserContext context, IPage page, Uri server)
    {
        Person = person;
        _context = context;
        Page = page;
        _server = server;
        page.SetDefaultTimeout(Patience);
        page.Console += (_, message) => _console.Enqueue($"{message.Type}: {message.Text}");
        page.PageError += (_, error) => _console.Enqueue($"error: {error}");
    }

    public Person Person { get; }

    public IPage Page { get; }

    public IReadOnlyCollection<string> Console => _console;

    public ILocator Meeting => At("meeting");

    public static async Task<Participant> OpenAsync(IBrowser browser, Uri server, Person person)
    {
        var context = await browser.NewContextAsync(new() { ViewportSize = new() { Width = 1024, Height = 640 }, Locale = person.Locale, IgnoreHTTPSErrors = true });
        var who = JsonSerializer.Serialize(person, Json);
        await context.AddInitScriptAsync($"({PeerScript})({who}, ({ScenesScript})()); ({RecorderScript})(); ({LipsScript})();");
        return new Participant(person, context, await context.NewPageAsync(), server);
    }

    public ILocator At(string testId) => Page.GetByTestId(testId);

    public ILocator Tile(Person person) => Page.Locator($"[data-testid=tile][data-name='{person.Name}']");

    // ---- Coming and going.

    /// <summary>Makes a meeting on the start page and stops at its door. Gives the link to send.</summary>
    /// <param name="title">Of the meeting.</param>
    /// <param name="stay">The start page is open, with something chosen in it already.</param>
    public async Task<string> Create(string title, bool stay = false)
    {
        if (!stay) await Go("/");
        await At("title-input").FillAsync(title);
        await At("name-input").FillAsync(Person.Name);
        await At("create-meeting").ClickAsync();
        await At("join-button").WaitForAsync();
        return new Uri(Page.Url).AbsolutePath;
    }

    /// <summary>Goes to a page of the server, with a camera as small as the person has.</summary>
    public Task Go(string path) => Page.GotoAsync(new Uri(_server, $"{path}?parley.video={Person.Camera}").ToString());

    /// <summary>Follows a link and joins.</summary>
    public async Task Join(string link)
    {
        await Go(link);
        await Enter();
    }

    /// <summary>From the door into the meeting, once the devices are there or known not to be.</summary>
    public async Task Enter()
    {
        if (Person.Devices == "working") await Page.Locator(".preview video").WaitForAsync();
        else await At("device-trouble").First.WaitForAsync();
        await TryToEnter();
        await Meeting.WaitForAsync();
    }

    /// <summary>Presses the button at the door, whatever comes of it.</summary>
    public async Task TryToEnter()
    {
        await At("name-input").FillAsync(Person.Name);
        await At("join-button").ClickAsync();
    }

    public async Task Leave()
    {
        await At("leave-button").ClickAsync();
        await At("left-page").WaitForAsync();
    }

    public async Task EndForAll()
    {
        await At("end-button").ClickAsync();
        await At("end-confirm").ClickAsync();
    }

    /// <summary>On the admin's page, once it asks.</summary>
    public async Task SignIn(string password = ServerProcess.AdminPassword)
    {
        await At("admin-password").FillAsync(password);
        await At("sign-in").ClickAsync();
        await At("sign-out").WaitForAsync();
    }

    /// <summary>Follows a link to a file, and reads it.</summary>
    public async Task<string> Downloads(string link)
    {
        var download = await Page.RunAndWaitForDownloadAsync(() => Page.GetByRole(AriaRole.Link, new() { Name = link, Exact = true }).ClickAsync());
        using var file = new StreamReader(await download.CreateReadStreamAsync());
        return await file.ReadToEndAsync();
    }

    /// <summary>Opens the list of people if it is not open.</summary>
    public async Task OpenPeople()
    {
        if (!await At("people-panel").IsVisibleAsync()) await At("people-button").ClickAsync();
        await At("people-panel").WaitForAsync();
    }

    /// <summary>Opens the sheet of a person, or of oneself: what one can do about them.</summary>
    public async Task LooksAt(Person person)
    {
        await OpenPeople();
        await At("participant-row").And(Page.Locator($"[data-name='{person.Name}']")).GetByTestId("person-button").ClickAsync();
        await At("person-sheet").WaitForAsync();
    }

    /// <summary>As a host, does one of the things that can be done about another.</summary>
    public async Task Does(string action, Person other)
    {
        await LooksAt(other);
        await At("person-sheet").GetByTestId(action).ClickAsync();
    }

    /// <summary>As a host, switches something for the whole meeting.</summary>
    public async Task Switches(params string[] settings)
    {
        await OpenPeople();
        await At("hosting-button").ClickAsync();
        foreach (var setting in settings)
        {
            var control = At("hosting-sheet").GetByTestId(setting);
            var wanted = !await control.IsCheckedAsync();
            await control.ClickAsync();
            await Until($"{setting} is {wanted}", "([id, wanted]) => document.querySelector(`[data-testid=${id}]`)?.checked === wanted", new object[] { setting, wanted });
        }

        await Page.Keyboard.PressAsync("Escape");
    }

    /// <summary>Waits until a toast says this.</summary>
    public Task IsTold(string words) => At("toast").Filter(new() { HasText = words }).First.WaitForAsync();

    /// <summary>Holds the page as it is now to WCAG 2.1, A and AA, as far as a program can tell (axe-core).</summary>
    public async Task IsAccessible() => Assert.Empty(await Violations());

    /// <summary>What the page as it is now does not keep of it.</summary>
    /// <param name="coloursOnly">It was looked at in all else already.</param>
    public async Task<string[]> Violations(bool coloursOnly = false)
    {
        if (!await Page.EvaluateAsync<bool>("() => 'axe' in window")) await Page.EvaluateAsync(Axe.Value);
        return await Page.EvaluateAsync<string[]>(
            """
            async (coloursOnly) => {
              const runOnly = coloursOnly ? ['color-contrast'] : ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'];
              const { violations } = await axe.run(document, { runOnly });
              return violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html).join(' ')}`);
            }
            """,
            coloursOnly);
    }

    /// <summary>The id of one's place, once one is in.</summary>
    public async Task<string> OwnId()
    {
        await Until($"{Person.Name} has a place", "() => parley.state?.phase === 'joined'");
        return await Page.EvaluateAsync<string>("() => parley.state.selfId");
    }

    // ---- Chat.

    public async Task Say(string text)
    {
        await OpenChat();
        await At("chat-input").FillAsync(text);
        await At("chat-send").ClickAsync();
    }

    /// <summary>Waits until the chat holds these lines, and gives the message heads with them.</summary>
    public async Task Reads(params (Person From, string Text)[] lines)
    {
        await OpenChat();
        await Eventually.Holds(
            $"{Person.Name} reads {string.Join(" / ", lines.Select(line => $"{line.From.Name}: {line.Text}"))}",
            ReadChat,
            chat => chat.Lines.SequenceEqual(lines.Select(line => $"{line.From.Name}: {line.Text}")) && chat.Times.All(IsTime));
    }

    public async Task OpenChat()
    {
        if (!await At("chat-panel").IsVisibleAsync()) await At("chat-button").ClickAsync();
        await At("chat-panel").WaitForAsync();
    }

    // ---- Seeing and hearing.

    /// <summary>Waits until the barcode of each is in their tile.</summary>
    public async Task Sees(params Person[] others)
    {
        foreach (var other in others)
        {
            await Until($"{Person.Name} sees {other.Name}", "([name, number]) => peer.seenIn(name)?.participant === number", new object[] { other.Name, other.Number });
        }
    }

    /// <summary>Waits until the screen that another shares is in its tile.</summary>
    public Task SeesScreenOf(Person other) => Until(
        $"{Person.Name} sees the screen of {other.Name}",
        "number => [...document.querySelectorAll('[data-testid=screen-tile] video')].some((video) => peer.seen(video)?.participant === number)",
        other.Number + 8);

    /// <summary>Waits until the picture in the tile is one of this very moment, and the one after it too.</summary>
    public async Task SeesNow(Person other)
    {
        const string Fresh = "([name, number, before]) => { const seen = peer.seenIn(name); return seen?.participant === number && seen.ageMs < 700 && seen.clock > before && seen.clock; }";
        var clock = -1;
        for (var i = 0; i < 3; i++)
        {
            var handle = await Page.WaitForFunctionAsync(Fresh, new object[] { other.Name, other.Number, clock }, new() { PollingInterval = 100, Timeout = Patience });
            clock = await handle.JsonValueAsync<int>();
        }
    }

    /// <summary>Waits until the tile of each shows no video.</summary>
    public async Task SeesAvatarOf(Person other) =>
        await Tile(other).And(Page.Locator("[data-has-video=false]")).WaitForAsync();

    /// <summary>Waits until all their tones are there and all of the other frequencies of this test are not.</summary>
    public async Task HearsOnly(params Person[] others)
    {
        var present = others.Select(other => other.Frequency).ToArray();
        var absent = Person.All.Select(other => other.Frequency).Except(present).ToArray();
        await Until(
            $"{Person.Name} hears only {string.Join(", ", others.Select(other => other.Name))}",
            "([present, absent, over, under]) => peer.heard(present)?.every((level) => level > over) && peer.heard(absent)?.every((level) => level < under)",
            new object[] { present, absent, Observation.Present, Observation.Absent });
    }

    /// <summary>
    /// Listens and looks for a while, on fresh samples each time; again, twice at most, while one of the others misses too many readings: a machine
    /// that is busy with other things makes gaps of its own, now and then. Whom nobody should hear nobody may hear in any of it.
    /// </summary>
    public async Task<Observation> Observe(int times, params Person[] others)
    {
        Observation? observation = null;
        for (var more = 2; ; more--)
        {
            var reading = await Page.EvaluateAsync<JsonElement>(
                "([frequencies, names, times]) => peer.observe(frequencies, names, times)",
                new object[] { Person.All.Select(one => one.Frequency).ToArray(), others.Select(other => other.Name).ToArray(), times });
            var now = reading.Deserialize<Observation>(Json)!;
            TestContext.Current.TestOutputHelper?.WriteLine($"{Person.Name}: {now}");
            observation = observation is null ? now : now.After(observation, others);
            if (more == 0 || others.All(now.Hears)) return observation;
        }
    }

    /// <summary>Records voices and pictures from now on.</summary>
    public Task Record(params Person[] others) => Page.EvaluateAsync(
        "([frequencies, names]) => recorder.start(frequencies, names)",
        new object[] { others.Select(other => other.Frequency).ToArray(), others.Select(other => other.Name).ToArray() });

    /// <summary>Ends the recording, and prints it.</summary>
    public async Task<Gaps> Recorded(string during)
    {
        var gaps = (await Page.EvaluateAsync<JsonElement>("() => recorder.stop()")).Deserialize<Gaps>(Json)!;
        Figures.Print($"{during}, {Person.Name}: {gaps}");
        return gaps;
    }

    /// <summary>For a while, how late each beep of another was heard, and each of their pictures shown.</summary>
    /// <param name="other">Who <see cref="Person.Beeps"/>.</param>
    /// <param name="beeps">How many are to be heard.</param>
    public async Task<LipSync> Lips(Participant other, int beeps)
    {
        await Page.EvaluateAsync("name => lips.start(name)", other.Person.Name);
        await Until($"{beeps} beeps were heard", "beeps => lips.heard() >= beeps", beeps, 4 * Patience);
        return LipSync.Of(
            (await Page.EvaluateAsync<JsonElement>("() => lips.stop()")).Deserialize<LipSync.Played>(Json)!,
            (await other.Page.EvaluateAsync<JsonElement>("() => lips.made()")).Deserialize<LipSync.Made>(Json)!);
    }

    /// <summary>Waits until the meeting is carried this way, <c>server</c> or <c>peerToPeer</c>, and nothing of another is left.</summary>
    public Task Goes(string mode) => Until(
        $"{Person.Name} goes by {mode}",
        "mode => parley.state?.mode.mode === mode && parley.audible === (mode === 'server' ? 'mix' : 'link') && (mode === 'server') === (parley.link === null)",
        mode);

    /// <summary>The selected pair of the connection to the server (<c>pc</c>) or to the other (<c>linkPc</c>).</summary>
    public async Task<CandidatePair> PairOf(string connection) =>
        (await Page.EvaluateAsync<JsonElement>($"() => peer.pairOf(parley.{connection})")).Deserialize<CandidatePair>(Json)!;

    /// <summary>Waits until a connection, of which there may be another by then, has such a selected pair.</summary>
    public Task HasPair(string connection, Func<CandidatePair, bool> holds) => Eventually.Holds(
        $"{Person.Name}'s {connection} has another pair",
        async () => await Page.EvaluateAsync<JsonElement?>($"() => peer.pairOf(parley.{connection})") is { ValueKind: JsonValueKind.Object } pair
            ? pair.Deserialize<CandidatePair>(Json)
            : null,
        pair => pair is not null && holds(pair),
        TimeSpan.FromSeconds(60));

    public async Task<Received> ReceivedOf(Person other) =>
        (await Page.EvaluateAsync<JsonElement>("name => peer.received(name)", other.Name)).Deserialize<Received>(Json)!;

    /// <summary>What was made up of the mix.</summary>
    public async Task<Concealment> Concealed() =>
        (await Page.EvaluateAsync<JsonElement>("() => peer.concealment()")).Deserialize<Concealment>(Json)!;

    /// <summary>What has come of all pictures over the way to the server.</summary>
    public Task<long> BytesOfPictures() => Page.EvaluateAsync<long>("() => peer.bytesOfPictures()");

    /// <summary>Chromium's pictures of one's camera keep their size when the machine is busy: it makes fewer instead.</summary>
    public async Task KeepsItsSize()
    {
        await Until($"{Person.Name} sends", "() => parley.media === 'connected'");
        await Page.EvaluateAsync("""
            () => {
              const { sender } = parley.pc.getTransceivers()[1];
              return sender.setParameters({ ...sender.getParameters(), degradationPreference: 'maintain-framerate-and-resolution' });
            }
            """);
    }

    /// <summary>The page is told what it is told when another tab is opened over it; a browser without a screen shows all of its tabs.</summary>
    public Task GoesToTheBackground(bool hidden) => Page.EvaluateAsync(
        """
        hidden => {
          Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => hidden ? 'hidden' : 'visible' });
          document.dispatchEvent(new Event('visibilitychange'));
        }
        """,
        hidden);

    /// <summary>The encodings of one's own camera on the way to the server, the lowest first.</summary>
    public async Task<Sent[]> Sends() =>
        (await Page.EvaluateAsync<JsonElement>("() => peer.sent()")).Deserialize<Sent[]>(Json)!;

    /// <summary>Waits until the tiles are those of these people, oneself among them.</summary>
    public async Task IsWith(params Person[] others)
    {
        var names = others.Select(other => other.Name).Append(Person.Name).Order().ToArray();
        await Until(
            $"{Person.Name} is with {string.Join(", ", names)}",
            "names => JSON.stringify([...document.querySelectorAll('[data-testid=tile]')].map((tile) => tile.dataset.name).sort()) === JSON.stringify(names)",
            names);
    }

    /// <summary>Waits until a person is shown with these devices.</summary>
    public Task Shows(Person person, bool mic, bool cam) => Until(
        $"{Person.Name} is shown {person.Name} with mic {mic}, cam {cam}",
        "([name, mic, cam]) => parley.state?.participants.some((one) => one.name === name && one.media.mic === mic && one.media.cam === cam)",
        new object[] { person.Name, mic, cam });

    /// <summary>Waits until an expression holds in the page.</summary>
    public async Task Until(string what, string expression, object? argument = null, float patience = Patience)
    {
        try
        {
            await Page.WaitForFunctionAsync(expression, argument, new() { PollingInterval = 200, Timeout = patience });
        }
        catch (TimeoutException)
        {
            var last = await Page.EvaluateAsync<JsonElement?>(
                "async ([frequencies, names]) => ({ media: window.parley?.media, levels: peer.heard(frequencies), pictures: names.map((name) => [name, peer.seenIn(name)]), state: window.parley?.state })",
                new object[] { Person.All.Select(one => one.Frequency).ToArray(), Person.All.Select(one => one.Name).ToArray() });
            Assert.Fail($"Never came true: {what}. Last: {last}");
        }
    }

    public async ValueTask DisposeAsync() => await _context.CloseAsync();

    private static bool IsTime(string text) => TimeOnly.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out _);

    private static string Script(string name)
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }

    private async Task<ChatReading> ReadChat()
    {
        // One name stands over the lines that a person writes in a row, but each line keeps its head in the page.
        var lines = await Page.EvaluateAsync<string[][]>(
            "() => [...document.querySelectorAll('[data-testid=chat-message]')].map((line) => ['chat-name', 'chat-text', 'chat-time'].map((id) => line.querySelector(`[data-testid=${id}]`)?.textContent.trim() ?? ''))");
        return new([.. lines.Select(line => $"{line[0]}: {line[1]}")], [.. lines.Select(line => line[2])]);
    }

    private sealed record ChatReading(string[] Lines, string[] Times)
    {
        public override string ToString() => string.Join(" / ", Lines.Zip(Times, (line, time) => $"[{time}] {line}"));
    }
}
