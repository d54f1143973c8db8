using System.Globalization;
using Parley.Client;
using Parley.Client.Audio;
using Parley.Client.Meetings;
using Parley.Protocol;

namespace Parley.Browser.Harness;

/// <summary>One person without a browser, by Parley.Client: has the same tone and picture, the same ears and eyes as <see cref="Participant"/>.</summary>
internal sealed class CSharpParticipant : IAsyncDisposable
{
    private readonly ParleyServer _server;
    private readonly MeetingSession _meeting;
    private readonly Ears _ears;
    private readonly Eyes _eyes;
    private readonly Task _watching;

    private CSharpParticipant(Person person, ParleyServer server, MeetingSession meeting, Ears ears, Eyes eyes)
    {
        (Person, _server, _meeting, _ears, _eyes) = (person, server, meeting, ears, eyes);
        _watching = Watch();
    }

    public Person Person { get; }

    public MeetingSession Meeting => _meeting;

    public static async Task<CSharpParticipant> JoinAsync(Uri address, string link, Person person)
    {
        var server = new ParleyServer(address);
        var ears = new Ears();
        var eyes = new Eyes();
        var options = new JoinOptions
        {
            Name = person.Name,
            Mic = true,
            Camera = true,
            AudioSource = new ToneSource(person.Frequency),
            VideoSource = BarcodeCamera.Of(person),
            AudioSink = ears,
            VideoSink = eyes.Sink,
        };
        var meeting = await server.JoinAsync(MeetingLink.Parse(new Uri(address, link).ToString()).MeetingId, options, TestContext.Current.CancellationToken);
        eyes.Sink.KeyframeWanted += meeting.RequestKeyframe;
        return new CSharpParticipant(person, server, meeting, ears, eyes);
    }

    public Task Say(string text) => _meeting.SendChatAsync(text);

    /// <summary>Waits until the chat holds these lines.</summary>
    public Task Reads(params (Person From, string Text)[] lines) => Eventually.Holds(
        $"{Person.Name} reads",
        () => Task.FromResult(string.Join(" / ", _meeting.Chat.Select(line => $"{line.Name}: {line.Text}"))),
        chat => chat == string.Join(" / ", lines.Select(line => $"{line.From.Name}: {line.Text}")));

    /// <summary>Waits until the people are these, oneself among them.</summary>
    public Task IsWith(params Person[] others) => Eventually.Holds(
        $"{Person.Name} is with {string.Join(", ", others.Select(other => other.Name))}",
        () => Task.FromResult(string.Join(", ", _meeting.Participants.Select(one => one.Name).Order())),
        names => names == string.Join(", ", others.Append(Person).Select(one => one.Name).Order()));

    /// <summary>Waits until the barcode of each comes as theirs.</summary>
    public async Task Sees(params Person[] others)
    {
        foreach (var other in others)
            await Eventually.Holds($"{Person.Name} sees {other.Name}", () => Task.FromResult(SightOf(other)), sight => sight?.Number == other.Number);
    }

    /// <summary>Waits until all their tones are there and all of the other frequencies are not.</summary>
    public Task HearsOnly(params Person[] others) => Eventually.Holds(
        $"{Person.Name} hears only {string.Join(", ", others.Select(other => other.Name))}",
        () => Task.FromResult(_ears.Levels([.. Person.All.Select(one => one.Frequency)])),
        levels => levels is not null && Person.All.Zip(levels).All(pair =>
            others.Contains(pair.First) ? pair.Second > Observation.Present : pair.Second < Observation.Absent));

    /// <summary>Listens and looks for a while, on fresh samples each time.</summary>
    public async Task<Observation> Observe(int times, params Person[] others)
    {
        var tones = Person.All.Select(_ => new List<double>()).ToArray();
        var readings = others.Select(_ => new List<Eyes.Sight>()).ToArray();
        var unread = new int[others.Length];
        for (var i = 0; i < times; i++)
        {
            var heard = _ears.Written;
            await Eventually.Holds("fresh samples", () => Task.FromResult(_ears.Written), written => written >= heard + Spectrum.Length);
            var levels = _ears.Levels([.. Person.All.Select(one => one.Frequency)])!;
            for (var k = 0; k < levels.Length; k++) tones[k].Add(levels[k]);
            for (var k = 0; k < others.Length; k++)
            {
                if (SightOf(others[k]) is { Number: not null } sight) readings[k].Add(sight);
                else unread[k]++;
            }
        }

        var observation = new Observation(
            0,
            [.. Person.All.Select((one, k) => new Tone(one.Frequency, [.. tones[k]]))],
            [.. others.Select((other, k) => new PictureReadings(
                other.Name, readings[k].Count, unread[k], [.. readings[k].Select(sight => sight.Number!.Value).Distinct()], [.. readings[k].Select(sight => sight.AgeMs)]))]);
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Person.Name} (C#): {observation}"));
        return observation;
    }

    /// <summary>The newest picture that came as someone's.</summary>
    public Eyes.Sight? SightOf(Person other) =>
        _meeting.Participants.FirstOrDefault(one => one.Name == other.Name) is { } participant ? _eyes.Of(participant.Id) : null;

    public async ValueTask DisposeAsync()
    {
        await _meeting.DisposeAsync();
        await _watching;
        _eyes.Dispose();
        _server.Dispose();
    }

    /// <summary>Always asks to see everyone else.</summary>
    private async Task Watch()
    {
        await ShowAll();
        await foreach (var happened in _meeting.ReadEventsAsync())
        {
            if (happened is ParticipantJoined or ParticipantGone or ParticipantChanged) await ShowAll();
        }
    }

    private Task ShowAll() => _meeting.ShowAsync(
    [
        .. _meeting.Participants.Where(one => one.Id != _meeting.ParticipantId)
            .Select(one => new ViewRequest(one.Id, VideoSourceKind.Camera, Barcode.Width, Barcode.Height)),
    ]);
}
