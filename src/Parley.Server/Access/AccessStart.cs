using Parley.Server.Records;

namespace Parley.Server.Access;

/// <summary>Reads who may administer, once the records are open and before anybody can ask. A password that is made is said on the console, and nowhere else.</summary>
internal sealed class AccessStart(AdminPassword password, ApiKeys keys, JoinTokens tokens, AdminConsole console) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await keys.LoadAsync();
        await tokens.LoadAsync();
        if (await password.LoadAsync() is { } made) await console.SayAsync(made);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

/// <summary>Where whoever starts the server reads what it says: no log, which would keep the password.</summary>
internal sealed record AdminConsole(TextWriter Output)
{
    public Task SayAsync(string password) => Output.WriteLineAsync(
        $"The admin's password is  {password}  — it is shown this once. `parley password` makes another one.");
}

internal static class AccessSetup
{
    public static IServiceCollection AddAccess(this IServiceCollection services) => services
        .AddSingleton(provider => new AdminPassword(provider.GetRequiredService<IRecordTables>(), provider.GetRequiredService<ParleyOptions>().Admin))
        .AddSingleton<AdminSessions>()
        .AddSingleton<ApiKeys>()
        .AddSingleton<JoinTokens>()
        .AddHostedService<AccessStart>();
}
