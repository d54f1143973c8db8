using Microsoft.Extensions.Options;
using Parley.Server;
using Parley.Server.Api;

try
{
    var app = ParleyApp.Build(args, (builder, options) => { });
    await app.RunAsync();
    return 0;
}
catch (OptionsValidationException e)
{
    foreach (var failure in e.Failures) await Console.Error.WriteLineAsync(failure);
    return 2;
}
catch (StartException e)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 2;
}
