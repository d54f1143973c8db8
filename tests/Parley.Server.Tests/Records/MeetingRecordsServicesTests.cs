using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Parley.Server.Records;
using static Parley.Server.Tests.Records.RecordsFixture;

namespace Parley.Server.Tests.Records;

public sealed class MeetingRecordsServicesTests
{
    [Fact]
    public async Task The_records_are_open_before_any_other_service_starts_and_until_all_have_stopped()
    {
        using var folder = new TemporaryFolder();
        var options = new ParleyOptions { DataFolder = folder.Path };
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddHostedService<Writer>().AddMeetingRecords(options);
        using (var host = builder.Build())
        {
            await host.StartAsync(TestContext.Current.CancellationToken);
            await host.StopAsync(TestContext.Current.CancellationToken);
        }

        await using var records = Open(new SqliteStore(folder.Path));
        var kept = await records.ListAsync(null, 10, true, TestContext.Current.CancellationToken);
        Assert.Equal(["stop", "start"], kept.Select(m => m.Id));
    }

    private sealed class Writer(IMeetingRecords records) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => records.CreateAsync("start", Start);

        public Task StopAsync(CancellationToken cancellationToken) => records.CreateAsync("stop", Start.AddSeconds(1));
    }
}
