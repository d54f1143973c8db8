using Microsoft.Extensions.Time.Testing;
using Parley.Client;
using Parley.Terminal.Secrets;

namespace Parley.Terminal.Tests.Secrets;

public sealed class CreatorSecretsTests : IDisposable
{
    private static readonly Uri Here = new("http://localhost:8080/");

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("parley-secrets-");
    private readonly FakeTimeProvider _clock = new();

    private string FilePath => Path.Combine(_folder.FullName, "parley", "secrets.json");

    private CreatorSecrets Secrets => new(FilePath, _clock);

    [Fact]
    public async Task What_is_kept_is_found_until_it_is_forgotten()
    {
        Assert.Null(Secrets.Find(Here, "a-b-1"));
        await Secrets.KeepAsync(Here, "a-b-1", "one");
        await Secrets.KeepAsync(new Uri("https://meet.example.org"), "a-b-1", "two");
        Assert.Equal("one", Secrets.Find(Here, "A-b-1"));
        Assert.Equal("two", Secrets.Find(new Uri("https://meet.example.org/m/a-b-1"), "a-b-1"));
        await Secrets.KeepAsync(Here, "a-b-1", "newer");
        Assert.Equal("newer", Secrets.Find(Here, "a-b-1"));
        await Secrets.ForgetAsync(Here, "a-b-1");
        Assert.Null(Secrets.Find(Here, "a-b-1"));
        Assert.NotNull(Secrets.Find(new Uri("https://meet.example.org"), "a-b-1"));
    }

    [Fact]
    public async Task Only_the_user_may_read_the_file_whatever_it_was_before()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Modes are those of Unix.");
            return;
        }

        await Secrets.KeepAsync(Here, "a-b-1", "one");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(FilePath));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.GetDirectoryName(FilePath)!));
        File.SetUnixFileMode(FilePath, (UnixFileMode)0b110_100_100);
        await Secrets.KeepAsync(Here, "a-b-2", "two");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(FilePath));
    }

    [Fact]
    public async Task A_reader_of_the_old_file_is_not_given_half_of_the_new_one()
    {
        await Secrets.KeepAsync(Here, "a-b-1", "one");
        using var reader = new StreamReader(new FileStream(FilePath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        await Secrets.KeepAsync(Here, "a-b-2", "two");
        var old = await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
        Assert.Contains("a-b-1", old, StringComparison.Ordinal);
        Assert.DoesNotContain("a-b-2", old, StringComparison.Ordinal);
        Assert.Equal(["secrets.json", "secrets.json.lock"], Directory.GetFiles(Path.GetDirectoryName(FilePath)!).Select(Path.GetFileName).Order());
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{ "version": 1 }""")]
    [InlineData("""{ "version": 1, "secrets": null }""")]
    [InlineData("""{ "version": 2, "secrets": [] }""")]
    [InlineData("""{ "version": 1, "secrets": [null] }""")]
    [InlineData("""{ "version": 1, "secrets": [{ "server": "http://localhost:8080", "meetingId": "a-b-1" }] }""")]
    public async Task A_file_that_is_not_ours_is_named_and_left_alone(string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(FilePath)!);
        await File.WriteAllTextAsync(FilePath, content, TestContext.Current.CancellationToken);
        Func<Task>[] uses =
        [
            () => Task.Run(Secrets.Check), () => Task.Run(() => Secrets.Find(Here, "a-b-1")),
            () => Secrets.KeepAsync(Here, "a-b-1", "one"), () => Secrets.ForgetAsync(Here, "a-b-1"),
        ];
        foreach (var use in uses)
        {
            var error = await Assert.ThrowsAsync<ParleyException>(use);
            Assert.Equal(ParleyError.Invalid, error.Error);
            Assert.Contains(FilePath, error.Message, StringComparison.Ordinal);
        }

        Assert.Equal(content, await File.ReadAllTextAsync(FilePath, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_file_beyond_all_measure_is_not_read()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(FilePath)!);
        await File.WriteAllTextAsync(FilePath, new string(' ', 1024 * 1024 + 1), TestContext.Current.CancellationToken);
        Assert.Contains("bytes", Assert.Throws<ParleyException>(Secrets.Check).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Old_ones_go_after_thirty_days_and_when_there_are_more_than_500()
    {
        await Secrets.KeepAsync(Here, "old", "s");
        _clock.Advance(TimeSpan.FromDays(31));
        for (var n = 0; n < 501; n++) await Secrets.KeepAsync(Here, $"m{n}", "s");
        Assert.Null(Secrets.Find(Here, "old"));
        Assert.Null(Secrets.Find(Here, "m0"));
        Assert.NotNull(Secrets.Find(Here, "m1"));
        Assert.NotNull(Secrets.Find(Here, "m500"));
    }

    [Fact]
    public async Task Many_at_once_lose_nothing()
    {
        var clock = TimeProvider.System;
        await Task.WhenAll(Enumerable.Range(0, 20).Select(n => Task.Run(() => new CreatorSecrets(FilePath, clock).KeepAsync(Here, $"m{n}", "s"))));
        Assert.All(Enumerable.Range(0, 20), n => Assert.NotNull(Secrets.Find(Here, $"m{n}")));
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
