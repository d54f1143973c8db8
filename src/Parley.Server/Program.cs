using Microsoft.Extensions.Options;
using Parley.Server;
using Parley.Server.Api;
using Parley.Server.MediaHost;
using Parley.Server.Records;

try
{
    await using var app = ParleyApp.Build(args, (builder, options) => builder.Services
        .AddMeetingRecords(options.DataFolder)
        .AddMediaPlane());
    await app.RunAsync();
    return 0;
}
catch (OptionsValidationException e)
{
    foreach (var failure in e.Failures) await Console.Error.WriteLineAsync(failure);
    return 2;
}
catch (Exception e) when (e is StartException or RecordsUnavailableException)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 2;
}
