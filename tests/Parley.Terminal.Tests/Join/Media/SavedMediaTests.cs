using Microsoft.Extensions.Time.Testing;
using Parley.Client;
using Parley.Client.Audio;
using Parley.Terminal.Join.Media;

namespace Parley.Terminal.Tests.Join.Media;

public sealed class SavedMediaTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("parley-save-");
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 12, 3, 4, TimeSpan.Zero));

    [Fact]
    public void Writes_into_a_folder_of_its_own_each_time()
    {
        for (var i = 0; i < 2; i++)
        {
            using var saved = SavedMedia.Create(_folder.FullName, "abc-def", _ => "Ada", _ => { }, _time);
            saved.Write(new float[AudioFormat.FrameSamples]);
        }

        Assert.Equal(
            ["abc-def-20260301-120304", "abc-def-20260301-120304-2"], _folder.EnumerateDirectories().Select(folder => folder.Name).Order(StringComparer.Ordinal));
        Assert.All(_folder.EnumerateDirectories(), folder => Assert.Equal(44 + (2 * AudioFormat.FrameSamples), folder.GetFiles("mix.wav").Single().Length));
    }

    [Fact]
    public void One_line_names_what_was_written()
    {
        var saved = SavedMedia.Create(_folder.FullName, "abc", _ => null, _ => { }, _time);
        saved.Write(new float[AudioFormat.FrameSamples]);
        saved.Dispose();

        Assert.EndsWith("abc-20260301-120304: mix.wav", saved.Describe(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_never_used_leaves_nothing_behind()
    {
        var saved = SavedMedia.Create(_folder.FullName, "abc", _ => null, _ => { }, _time);
        saved.Dispose();

        Assert.Empty(_folder.EnumerateFileSystemInfos());
        Assert.Equal("Nothing was seen or heard, so nothing is saved", saved.Describe());
    }

    [Fact]
    public void A_folder_that_cannot_be_is_one_sentence()
    {
        var file = Path.Combine(_folder.FullName, "file");
        File.WriteAllText(file, "");

        var failed = Assert.Throws<ParleyException>(() => SavedMedia.Create(file, "abc", _ => null, _ => { }, _time));

        Assert.Equal(ParleyError.Media, failed.Error);
        Assert.StartsWith("--save: ", failed.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
