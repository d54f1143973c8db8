using System.Diagnostics;
using Parley.Client;
using Parley.Client.Audio;
using Parley.Client.Video;
using Parley.Terminal.Join.Media;

namespace Parley.Terminal.Tests.Join.Media;

/// <summary>Microphones, cameras and loudspeakers through a program that does what the test says.</summary>
public sealed class ProcessSourceTests
{
    private const string Busy = "echo '[video4linux2,v4l2 @ 0x5581] /dev/video0: Device or resource busy' >&2; exit 1";

    /// <summary>One second of silence is 192,000 bytes; a picture of 32×32 is 1,536.</summary>
    private const string Endless = "exec cat /dev/zero";

    private static readonly Vp8EncoderSettings Small = new() { Width = 32, Height = 32, FramesPerSecond = 30, BitrateKbps = 100 };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_microphone_gives_what_its_program_writes()
    {
        // 0.5 as a little-endian float is 00 00 00 3f.
        using var program = new FakeProgram(@"while :; do printf '\000\000\000\077'; done");
        using var source = new ProcessAudioSource(() => Start(program), "default", isLive: true);
        await source.OpenAsync(Token);
        var frame = new float[AudioFormat.FrameSamples];

        await Conditions.UntilAsync(() => source.TryRead(frame), "a frame");

        Assert.All(frame, sample => Assert.Equal(0.5f, sample));
    }

    [Fact]
    public async Task A_microphone_that_gives_nothing_is_one_sentence()
    {
        using var program = new FakeProgram("echo 'default: Connection refused' >&2; exit 1");
        using var source = new ProcessAudioSource(() => Start(program), "default", isLive: true);

        var failed = await Assert.ThrowsAsync<ParleyException>(() => source.OpenAsync(Token));

        Assert.Equal(ParleyError.Media, failed.Error);
        Assert.Equal("\"default\" cannot be opened: the sound server does not answer", failed.Message);
    }

    [Fact]
    public async Task A_file_is_played_to_its_last_piece_and_then_says_that_it_is_over()
    {
        // Two frames and a half.
        using var program = new FakeProgram("head -c 9600 /dev/zero");
        using var source = new ProcessAudioSource(() => Start(program), "song.ogg", isLive: false);
        var ended = new TaskCompletionSource<string>();
        source.Ended += ended.SetResult;
        await source.OpenAsync(Token);

        Assert.Equal("The file \"song.ogg\" is over: the microphone is off", await ended.Task.WaitAsync(TimeSpan.FromSeconds(30), Token));
        var (frame, read) = (new float[AudioFormat.FrameSamples], 0);
        while (source.TryRead(frame)) read++;
        Assert.Equal(3, read);
    }

    [Fact]
    public async Task What_has_ended_begins_again_when_it_is_switched_on()
    {
        using var program = new FakeProgram("head -c 3840 /dev/zero");
        using var source = new ProcessAudioSource(() => Start(program), "song.ogg", isLive: false);
        var ended = 0;
        source.Ended += _ => Interlocked.Increment(ref ended);
        await source.OpenAsync(Token);
        await Conditions.UntilAsync(() => Volatile.Read(ref ended) == 1, "the end");

        source.Resume();

        await Conditions.UntilAsync(() => Volatile.Read(ref ended) == 2, "the second end");
    }

    [Fact]
    public async Task A_microphone_that_nobody_reads_keeps_only_the_newest_200_ms()
    {
        // 20 s of silence, then four frames' worth of 0.5.
        using var program = new FakeProgram(@"head -c 3840000 /dev/zero; for i in $(seq 3840); do printf '\000\000\000\077'; done");
        using var source = new ProcessAudioSource(() => Start(program), "default", isLive: true);
        var ended = new TaskCompletionSource();
        source.Ended += _ => ended.SetResult();
        await source.OpenAsync(Token);
        await ended.Task.WaitAsync(TimeSpan.FromSeconds(30), Token);
        var (frame, heard) = (new float[AudioFormat.FrameSamples], new List<float>());
        while (source.TryRead(frame)) heard.Add(frame[^1]);

        Assert.Equal([0, 0, 0, 0, 0, 0, 0.5f, 0.5f, 0.5f, 0.5f], heard);
    }

    [Fact]
    public async Task Nothing_is_sent_that_was_heard_before_it_was_switched_on()
    {
        using var program = new FakeProgram("head -c 38400 /dev/zero; exec sleep 1000");
        using var source = new ProcessAudioSource(() => Start(program), "default", isLive: true);
        await source.OpenAsync(Token);
        var frame = new float[AudioFormat.FrameSamples];
        await Conditions.UntilAsync(() => source.Waiting == 10, "ten frames");

        source.Resume();

        Assert.False(source.TryRead(frame));
    }

    [Fact]
    public async Task A_camera_sends_pictures_of_its_program_from_a_keyframe_on()
    {
        using var program = new FakeProgram(Endless);
        using var camera = new ProcessCamera(() => Start(program), Small, "/dev/video0");
        await camera.OpenAsync(Token);
        var output = new SentPictures();
        camera.Start(output);
        await Conditions.UntilAsync(() => output.Count >= 3, "three pictures");
        camera.Stop();
        var sent = output.Count;

        Assert.True(output.BeganWithKeyframe);
        Assert.Equal(sent, output.Count);
        camera.Start(output);
        await Conditions.UntilAsync(() => output.Count > sent, "more after it was switched on again");
    }

    [Fact]
    public async Task A_camera_that_is_in_use_is_one_sentence()
    {
        using var program = new FakeProgram(Busy);
        using var camera = new ProcessCamera(() => Start(program), Small, "/dev/video0");

        var failed = await Assert.ThrowsAsync<ParleyException>(() => camera.OpenAsync(Token));

        Assert.Equal((ParleyError.Media, "\"/dev/video0\" is in use by another program: close that first"), (failed.Error, failed.Message));
    }

    [Fact]
    public async Task A_camera_that_dies_in_the_middle_says_so_once()
    {
        using var program = new FakeProgram("head -c 7680 /dev/zero; echo '/dev/video0: No such device' >&2; exit 1");
        using var camera = new ProcessCamera(() => Start(program), Small, "/dev/video0");
        var said = new List<string>();
        camera.Ended += said.Add;
        await camera.OpenAsync(Token);
        camera.Start(new SentPictures());

        await Conditions.UntilAsync(() => said.Count > 0, "a sentence");
        camera.Stop();
        Assert.Equal(["The camera is off: \"/dev/video0\" is not there"], said);
    }

    [Fact]
    public async Task Its_program_ends_with_its_owner_whatever_it_does()
    {
        using var program = new FakeProgram("trap '' TERM INT HUP PIPE; while :; do head -c 3840 /dev/zero; done");
        var source = new ProcessAudioSource(() => Start(program), "default", isLive: true);
        await source.OpenAsync(Token);
        var id = _started!.Id;
        source.Dispose();

        await Conditions.UntilAsync(() => !Directory.Exists($"/proc/{id}"), "the process is gone");
    }

    [Fact]
    public async Task However_much_it_says_it_is_read_and_only_the_beginning_kept()
    {
        using var program = new FakeProgram("yes 'broken frame, going on' | head -c 3000000 >&2; head -c 3840 /dev/zero; sleep 1000");
        using var source = new ProcessAudioSource(() => Start(program), "song.ogg", isLive: false);

        await source.OpenAsync(Token);
    }

    [Fact]
    public async Task A_loudspeaker_hears_what_is_written()
    {
        using var program = new FakeProgram("exec cat > $(dirname $0)/heard");
        using var speaker = await SpeakerSink.OpenAsync(Start(program), "default", TimeProvider.System, Token);
        var frame = Enumerable.Repeat(0.25f, AudioFormat.FrameSamples).ToArray();

        await Conditions.UntilAsync(
            () =>
            {
                speaker.Write(frame);
                return new FileInfo(program.Beside("heard")) is { Exists: true, Length: > 100_000 };
            },
            "half a second of sound");
        var heard = await File.ReadAllBytesAsync(program.Beside("heard"), Token);
        Assert.Contains(0.25f, System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(heard.AsSpan(0, heard.Length & ~3)).ToArray());
    }

    [Fact]
    public async Task A_loudspeaker_that_is_not_there_is_one_sentence()
    {
        using var program = new FakeProgram("echo 'Cannot open audio device' >&2; exit 1");

        var failed = await Assert.ThrowsAsync<ParleyException>(() => SpeakerSink.OpenAsync(Start(program), "default", TimeProvider.System, Token));

        Assert.Equal("\"default\" cannot be used: ffmpeg says \"Cannot open audio device\"", failed.Message);
    }

    private MediaProcess? _started;

    private MediaProcess Start(FakeProgram program) => _started = MediaProcess.Start(program.Path, []);

    private sealed class SentPictures : IVideoOutput
    {
        private int _count;

        public int Count => Volatile.Read(ref _count);

        public bool BeganWithKeyframe { get; private set; }

        public void Send(ReadOnlySpan<byte> frame, TimeSpan captureTime)
        {
            if (_count == 0) BeganWithKeyframe = (frame[0] & 1) == 0;
            Interlocked.Increment(ref _count);
        }
    }
}
