using Parley.Client;
using Parley.Terminal.Join.Drawing;
using Parley.Terminal.Join.Media;

namespace Parley.Terminal.Tests.Join.Media;

public sealed class MediaArgumentsTests
{
    private static readonly MediaTools Linux = new("/bin/ffmpeg", "/bin/ffplay", SoundSystem.Pulse);

    [Theory]
    [InlineData(SoundSystem.Pulse, "default", "-f pulse -name Parley -fragment_size 3840 -i default")]
    [InlineData(SoundSystem.Pulse, "hw:0", "-f alsa -i hw:0")]
    [InlineData(SoundSystem.Alsa, "default", "-f alsa -i default")]
    [InlineData(SoundSystem.AvFoundation, "default", "-f avfoundation -i :default")]
    [InlineData(SoundSystem.DirectShow, "Headset", "-f dshow -audio_buffer_size 40 -i audio=Headset")]
    internal void A_microphone_is_opened_as_its_system_wants(SoundSystem system, string device, string arguments) =>
        Assert.Contains(arguments, string.Join(' ', MediaArguments.Microphone(system, device)), StringComparison.Ordinal);

    [Fact]
    public void Names_are_never_options_nor_other_protocols()
    {
        Assert.Contains("file:-vf", MediaArguments.SoundFile("-vf"));
        Assert.Contains("file:http://example.org/x.mp4", MediaArguments.VideoFile("http://example.org/x.mp4", 64, 64, 5));
    }

    [Fact]
    public void Standard_input_is_left_to_the_terminal()
    {
        Assert.Contains("-nostdin", MediaArguments.SoundFile("x"));
        Assert.Contains("-nostdin", MediaArguments.VideoFile("x", 64, 64, 5));
        Assert.Contains("-nostdin", MediaArguments.Camera(SoundSystem.Pulse, "/dev/video0", 64, 64, 5));
        Assert.Contains("-nostdin", MediaArguments.Microphone(SoundSystem.Pulse, "default"));
    }

    [Fact]
    public void A_missing_program_is_named_with_its_package()
    {
        var none = new MediaTools(null, null, SoundSystem.Pulse);

        var missing = Assert.Throws<ParleyException>(() => none.NeedFfmpeg("A camera"));

        Assert.Equal(ParleyError.Media, missing.Error);
        Assert.StartsWith("A camera goes through ffmpeg, which is not there: install the package ffmpeg", missing.Message, StringComparison.Ordinal);
        Assert.Equal(ParleyError.Media, Assert.Throws<ParleyException>(() => MediaArguments.Speaker(none, "default")).Error);
    }

    [Fact]
    public void A_loudspeaker_can_be_chosen_where_ffmpeg_can() =>
        Assert.Contains("-device usb", string.Join(' ', MediaArguments.Speaker(Linux, "usb").Arguments), StringComparison.Ordinal);

    [Theory]
    [InlineData("song.txt: Invalid data found when processing input", "sound", "\"x\" is no file with sound that ffmpeg can read")]
    [InlineData("Stream map '0:v:0' matches no streams.", "pictures", "\"x\" has no pictures in it")]
    [InlineData("Cannot open video device x: No such file or directory", "pictures", "\"x\" is not there")]
    [InlineData("[mov,mp4 @ 0x5] moov atom not found\nx: Invalid data found when processing input", "pictures", "\"x\" is no file with pictures that ffmpeg can read")]
    [InlineData("[pulse @ 0x5] something new\nmore", "sound", "\"x\" cannot be used: ffmpeg says \"something new\"")]
    [InlineData("", "sound", "\"x\" gave no sound")]
    [InlineData("what\u001b[31m?", "sound", "\"x\" cannot be used: ffmpeg says \"what [31m?\"")]
    public void Complaints_become_one_sentence(string complaint, string kind, string sentence) =>
        Assert.Equal(sentence, MediaComplaint.Sentence("x", kind, complaint));

    [Fact]
    public void Names_mean_what_they_say()
    {
        var file = Path.GetTempFileName();
        try
        {
            Assert.Equal((SourceKind.File, 0), DeviceNames.Microphone(file));
            Assert.Equal((SourceKind.Tone, 440), DeviceNames.Microphone("tone:440"));
            Assert.Equal((SourceKind.None, 0), DeviceNames.Microphone("none"));
            Assert.Equal((SourceKind.Device, 0), DeviceNames.Microphone("alsa_input.usb-Blue_Yeti.analog-stereo"));
            Assert.Equal(SourceKind.Pattern, DeviceNames.Camera("pattern"));
            Assert.Equal(SourceKind.Device, DeviceNames.Camera("/dev/video7"));
        }
        finally
        {
            File.Delete(file);
        }

        Assert.Equal(ParleyError.Invalid, Assert.Throws<ParleyException>(() => DeviceNames.Microphone("tone:0")).Error);
        Assert.Equal("There is no file \"talk.mp4\"", Assert.Throws<ParleyException>(() => DeviceNames.Camera("talk.mp4")).Message);
        Assert.Equal(ParleyError.Media, Assert.Throws<ParleyException>(() => DeviceNames.Camera("no/such")).Error);
    }

    [Theory]
    [InlineData("COLORTERM=truecolor", ColorDepth.True)]
    [InlineData("COLORTERM=24bit TERM=xterm", ColorDepth.True)]
    [InlineData("TERM=xterm-256color", ColorDepth.Palette)]
    [InlineData("TERM=xterm-direct", ColorDepth.True)]
    [InlineData("NO_COLOR=1 COLORTERM=truecolor", ColorDepth.None)]
    internal void Colours_follow_what_terminals_set(string environment, ColorDepth depth)
    {
        var variables = environment.Split(' ').Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]);
        Assert.Equal(depth, ColorDepths.Find(name => variables.GetValueOrDefault(name)));
    }
}
