using System.CommandLine;
using Parley.Client;
using Parley.Protocol;
using Parley.Terminal.Output;
using Parley.Terminal.Secrets;

namespace Parley.Terminal.Meetings;

/// <summary>`parley cancel`: ends a meeting for everyone, with the secret that `parley create` has kept.</summary>
internal static class CancelCommand
{
    public static Command Create()
    {
        var meeting = new Argument<string>("LINK|ID") { Description = "The meeting's link, or its id" };
        var given = new Option<string>("--secret")
        {
            HelpName = "SECRET",
            Description = "The creator secret [the one that parley create has kept]",
        };
        var command = new Command("cancel", "End a meeting for everyone") { meeting, given, JsonOption.Json };
        command.AddServerOptions();
        command.Runs(async (parsed, ct) =>
        {
            var link = ServerOptions.LinkOf(parsed, parsed.GetRequiredValue(meeting));
            var secrets = CreatorSecrets.OfUser(TimeProvider.System);
            var secret = parsed.GetValue(given) ?? secrets.Find(link.Server, link.MeetingId) ?? throw new ParleyException(
                ParleyError.Invalid, $"No creator secret of {link} is kept here: give it with --secret SECRET.");
            using var server = ServerOptions.ServerAt(parsed, link.Server);
            try
            {
                await server.CancelMeetingAsync(link.MeetingId, secret, ct);
            }
            catch (ParleyException e) when (e.Code is ErrorCodes.MeetingEnded or ErrorCodes.MeetingUnknown)
            {
                await ForgetAsync(secrets, link);
                throw;
            }

            await ForgetAsync(secrets, link);
            var output = StandardOutput.Create();
            if (parsed.GetValue(JsonOption.Json)) output.AsJson(new CancelledMeeting(link.MeetingId, link.ToString(), Cancelled: true));
            else output.Line($"{link.MeetingId} is over for everyone.");
        });
        return command;
    }

    /// <summary>The meeting is over, and its secret of no use: a file that cannot be written is no reason to call that a failure.</summary>
    private static async Task ForgetAsync(CreatorSecrets secrets, MeetingLink link)
    {
        try
        {
            await secrets.ForgetAsync(link.Server, link.MeetingId);
        }
        catch (ParleyException e)
        {
            CommandRunner.WriteError(e.Message);
        }
    }

    private sealed record CancelledMeeting(string Id, string Link, bool Cancelled);
}
