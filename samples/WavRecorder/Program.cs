// Writes what is heard in a meeting to a WAV file until it ends or Ctrl-C: dotnet run --project samples/WavRecorder -- LINK FILE.wav
using Parley.Client;
using Parley.Client.Audio;
using Parley.Client.Meetings;

if (args is not [var text, var file])
{
    Console.Error.WriteLine("Usage: WavRecorder LINK FILE.wav");
    return 2;
}

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, press) => (press.Cancel, _) = (true, stop.CancelAsync());
try
{
    var link = MeetingLink.Parse(text);
    using var server = new ParleyServer(link.Server);
    using var wav = new WavSink(file);
    await using (var meeting = await server.JoinAsync(link.MeetingId, new JoinOptions { Name = "Recorder", AudioSink = wav }, stop.Token))
    {
        Console.WriteLine($"Recording “{meeting.Title}”. Ctrl-C ends it.");
        try
        {
            await foreach (var happened in meeting.ReadEventsAsync(stop.Token))
            {
                if (happened is SessionEnded ended) Console.WriteLine(ended.Message);
            }
        }
        catch (OperationCanceledException)
        {
            // Ctrl-C is how a recording ends.
        }
    }

    Console.WriteLine($"{file}: what was heard.");
    return 0;
}
catch (ParleyException problem)
{
    Console.Error.WriteLine(problem.Message);
    return 1;
}
