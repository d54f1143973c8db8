using System.Globalization;
using Parley.Client.Audio;
using Parley.Client.Rtc;
using Parley.Client.Tests.Interop;
using Parley.Client.Transport;
using Parley.Media.Ice;

namespace Parley.Browser.Harness;

/// <summary>One person at a C# end of a connection without a server: has the tone and picture, the ears and eyes of <see cref="CSharpParticipant"/>.</summary>
internal sealed class CSharpEnd : IAsyncDisposable
{
    private readonly Ears _ears = new();
    private readonly Eyes _eyes = new();

    public CSharpEnd(Person person, IceRole role)
    {
        Person = person;
        Peer = new MediaPeer(role, BarcodeCamera.Of(person));
        _eyes.Sink.KeyframeWanted += (_, _) => Peer.AskForKeyframe();
    }

    public Person Person { get; }

    public MediaPeer Peer { get; }

    /// <summary>Finds all candidates; a browser may be at any address of this machine.</summary>
    public Task Gather() => Peer.Gather(LocalAddresses.List(loopback: true));

    /// <summary>Waits for the connection, and begins to send and to listen.</summary>
    public async Task Begin()
    {
        await Becomes(RtcPeerState.Connected);
        Peer.Begin(new ToneSource(Person.Frequency), _ears);
    }

    /// <summary>Begins to decode what comes.</summary>
    public void OpenEyes() => Peer.Eyes = _eyes.Sink;

    /// <summary>Waits for a state; gives its reason.</summary>
    public async Task<string> Becomes(RtcPeerState state)
    {
        await Eventually.Holds(
            $"{Person.Name}'s connection becomes {state}",
            () => Task.FromResult(string.Join(" / ", Peer.States)),
            _ => Peer.States.Any(entry => entry.State == state));
        return Peer.States.First(entry => entry.State == state).Reason;
    }

    /// <summary>Waits until the barcode of the other comes.</summary>
    public Task Sees(Person other) =>
        Eventually.Holds($"{Person.Name} sees {other.Name}", () => Task.FromResult(_eyes.Of(MediaPeer.OtherId)), sight => sight?.Number == other.Number);

    /// <summary>Waits until the other's tone is there and no one else's.</summary>
    public Task HearsOnly(Person other) => Eventually.Holds(
        $"{Person.Name} hears only {other.Name}",
        () => Task.FromResult(_ears.Levels(Frequencies)),
        levels => levels is not null && Person.All.Zip(levels).All(pair =>
            pair.First == other ? pair.Second > Observation.Present : pair.Second < Observation.Absent));

    /// <summary>Listens and looks for a while, on fresh samples each time.</summary>
    public async Task<Observation> Observe(int times, Person other)
    {
        var levels = new List<double[]>();
        var sights = new List<Eyes.Sight?>();
        while (levels.Count < times)
        {
            var heard = _ears.Written;
            await Eventually.Holds("fresh samples", () => Task.FromResult(_ears.Written), written => written >= heard + Spectrum.Length);
            levels.Add(_ears.Levels(Frequencies)!);
            sights.Add(_eyes.Of(MediaPeer.OtherId));
        }

        var read = sights.OfType<Eyes.Sight>().Where(sight => sight.Number is not null).ToArray();
        var observation = new Observation(
            0,
            [.. Frequencies.Select((frequency, k) => new Tone(frequency, [.. levels.Select(reading => reading[k])]))],
            [new PictureReadings(other.Name, read.Length, times - read.Length, [.. read.Select(sight => sight.Number!.Value).Distinct()], [.. read.Select(sight => sight.AgeMs)])]);
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Person.Name} (C#): {observation}"));
        return observation;
    }

    public async ValueTask DisposeAsync()
    {
        await Peer.DisposeAsync();
        _eyes.Dispose();
    }

    private static int[] Frequencies => [.. Person.All.Select(one => one.Frequency)];
}
