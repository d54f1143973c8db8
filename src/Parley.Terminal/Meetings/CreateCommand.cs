using System.CommandLine;
using Parley.Client;
using Parley.Protocol;
using Parley.Terminal.Output;
using Parley.Terminal.Secrets;

namespace Parley.Terminal.Meetings;

/// <summary>`parley create`: opens a meeting, prints its link, and keeps the secret that can end it.</summary>
internal static class CreateCommand
{
    public static Command Create()
    {
        var title = new Argument<string>("TITLE") { Description = "What it is about" };
        var name = new Option<string>("--name") { HelpName = "NAME", Description = "Who creates it [your user name]" };
        var command = new Command("create", "Open a meeting and print its link") { title, name, JsonOption.Json };
        command.AddServerOptions();
        command.Runs(async (parsed, ct) =>
        {
            using var server = ServerOptions.ServerAt(parsed, ServerOptions.AddressOf(parsed));
            var secrets = CreatorSecrets.OfUser(TimeProvider.System);
            // Whatever is wrong with the file, better before there is a secret to keep.
            secrets.Check();
            var created = await server.CreateMeetingAsync(parsed.GetRequiredValue(title), parsed.GetValue(name) ?? Environment.UserName, ct);
            await KeepAsync(secrets, server.Address, created);
            Write(StandardOutput.Create(), new MeetingLink(server.Address, created.Id), created, parsed.GetValue(JsonOption.Json));
        });
        return command;
    }

    /// <summary>The meeting is there, whatever happens now: a secret that cannot be kept must at least be seen.</summary>
    private static async Task KeepAsync(CreatorSecrets secrets, Uri server, MeetingCreated created)
    {
        try
        {
            await secrets.KeepAsync(server, created.Id, created.CreatorSecret);
        }
        catch (ParleyException e)
        {
            CommandRunner.WriteError($"{e.Message} The meeting is open; to end it: parley cancel {created.Id} --secret {created.CreatorSecret}");
        }
    }

    private static void Write(StandardOutput output, MeetingLink link, MeetingCreated created, bool json)
    {
        if (json) output.AsJson(new CreatedMeeting(created.Id, link.ToString(), created.CreatorSecret, created.Meeting));
        else output.Line(link.ToString());
        if (!json && output.IsTerminal) output.Line($"\"{created.Meeting.Title}\" is open. To end it for everyone: parley cancel {created.Id}");
    }

    /// <summary>The protocol's MeetingCreated, and the link.</summary>
    private sealed record CreatedMeeting(string Id, string Link, string CreatorSecret, MeetingSummary Meeting);
}
