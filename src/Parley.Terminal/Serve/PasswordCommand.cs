using System.CommandLine;
using Parley.Server;

namespace Parley.Terminal.Serve;

/// <summary>`parley password`: another password for the admin of a server that is stopped.</summary>
internal static class PasswordCommand
{
    public const string Name = "password";

    public static Command Create()
    {
        var command = new Command(Name, "Make a new password for the admin, while the server is stopped") { ServeCommand.Others, ServeCommand.Data };
        command.Runs((parsed, _) => ParleyApp.RenewPasswordAsync([.. ServeCommand.SettingsOf(parsed)]));
        return command;
    }
}
