// Plays a WAV file into a meeting and leaves at its end: dotnet run --project samples/WavPlayer -- LINK FILE.wav
using Parley.Client;
using Parley.Client.Audio;
using Parley.Client.Meetings;

if (args is not [var text, var file])
{
    Console.Error.WriteLine("Usage: WavPlayer LINK FILE.wav");
    return 2;
}

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, press) => (press.Cancel, _) = (true, stop.CancelAsync());
try
{
    var link = MeetingLink.Parse(text);
    using var server = new ParleyServer(link.Server);
    using var reader = new WavReader(file);
    var wav = new WavSource(reader, loop: false);
    var options = new JoinOptions { Name = "Player", Mic = true, AudioSource = wav };
    await using var meeting = await server.JoinAsync(link.MeetingId, options, stop.Token);
    Console.WriteLine($"Playing into “{meeting.Title}”.");

    // The file begins when its first frame is asked for: when the media connection is there.
    using var often = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
    while (!wav.IsEnded && meeting.State != SessionState.Ended) await often.WaitForNextTickAsync(stop.Token);
    return 0;
}
catch (OperationCanceledException)
{
    return 0;
}
catch (ParleyException problem)
{
    Console.Error.WriteLine(problem.Message);
    return 1;
}
