// Greets everyone who joins a meeting: dotnet run --project samples/GreetingBot -- http://localhost:8080/m/ID
using Parley.Client;
using Parley.Client.Meetings;

if (args is not [var text])
{
    Console.Error.WriteLine("Usage: GreetingBot LINK");
    return 2;
}

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, press) => (press.Cancel, _) = (true, stop.CancelAsync());
try
{
    var link = MeetingLink.Parse(text);
    using var server = new ParleyServer(link.Server);

    // A bot that only chats needs no media connection.
    await using var meeting = await server.JoinAsync(link.MeetingId, new JoinOptions { Name = "Greeter", Media = false }, stop.Token);
    Console.WriteLine($"In “{meeting.Title}” with {meeting.Participants.Count - 1} others.");
    await foreach (var happened in meeting.ReadEventsAsync(stop.Token))
    {
        if (happened is ParticipantJoined { Participant: var guest }) await meeting.SendChatAsync($"Welcome, {guest.Name}!", stop.Token);
        if (happened is SessionEnded ended) Console.WriteLine(ended.Message);
    }

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
