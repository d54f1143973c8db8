using Parley.Client;
using Parley.Client.Audio;
using Parley.Client.Meetings;
using Parley.Client.Video;
using Parley.Terminal.Join.Room;

namespace Parley.Terminal.Join.Media;

/// <summary>
/// All that makes and takes media of one presence. What was asked for by name and is not there is an error before the meeting is
/// joined; the default microphone and loudspeaker are only missed.
/// </summary>
internal sealed class JoinMedia : IAsyncDisposable
{
    private static readonly TimeSpan WatchPeriod = TimeSpan.FromSeconds(1);

    private readonly List<IDisposable> _owned = [];
    private readonly List<string> _warnings = [];
    private readonly List<IAudioSink> _audioSinks = [];
    private readonly List<IVideoSink> _videoSinks = [];
    private readonly List<(Device Device, string Message)> _early = [];
    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private IAudioSource? _mic;
    private PreviewedCamera? _camera;
    private SavedMedia? _saved;
    private ITimer? _watch;
    private Action<Device, string>? _tell;
    private bool _isMicOver;

    private JoinMedia(TimeProvider time) => _time = time;

    /// <summary>What the tiles show; null where there are none.</summary>
    public TilePictures? Pictures { get; private set; }

    /// <summary>A participant's name by their id, once there is a meeting. Any thread.</summary>
    public Func<string, string?> NameOf { get; set; } = _ => null;

    public bool HasMic => _mic is not null;

    public bool HasCamera => _camera is not null;

    /// <summary>What is missing and was not asked for by name.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    /// <exception cref="ParleyException">Invalid or Media: a sentence that says what to do.</exception>
    public static async Task<JoinMedia> OpenAsync(JoinSettings settings, MediaTools tools, bool onScreen, TimeProvider time, CancellationToken cancellation)
    {
        var media = new JoinMedia(time);
        try
        {
            if (onScreen && !settings.NoVideo) media.OpenPictures();
            var sound = onScreen && tools.Sound != SoundSystem.None ? "default" : "none";
            await media.OpenMicAsync(settings, tools, sound, cancellation);
            await media.OpenCameraAsync(settings, tools, cancellation);
            await media.OpenSpeakerAsync(settings, tools, sound, cancellation);
            media.OpenSave(settings);
            media._watch = time.CreateTimer(_ => media.Watch(), null, WatchPeriod, WatchPeriod);
            return media;
        }
        catch
        {
            await media.DisposeAsync();
            throw;
        }
    }

    public JoinOptions Options(JoinSettings settings) => new()
    {
        Name = settings.Name,
        Passcode = settings.Passcode,
        OnWaiting = CommandRunner.WriteError,
        Media = HasMic || HasCamera || _audioSinks.Count > 0 || _videoSinks.Count > 0,
        Mic = HasMic && !settings.Mute,
        Camera = HasCamera && !settings.Mute,
        AudioSource = _mic,
        VideoSource = _camera,
        AudioSink = _audioSinks.Count > 0 ? new AudioFanOut(_audioSinks) : null,
        VideoSink = _videoSinks.Count > 0 ? new VideoFanOut(_videoSinks) : null,
    };

    /// <summary>Says whom to tell when a device ends; what has ended already is told now.</summary>
    public void Tell(Action<Device, string> tell)
    {
        lock (_gate)
        {
            _tell = tell;
            foreach (var (device, message) in _early) tell(device, message);
            _early.Clear();
        }
    }

    /// <summary>The microphone or the camera was switched on.</summary>
    public void SwitchedOn(Device device)
    {
        if (device == Device.Microphone && _mic is ProcessAudioSource source) source.Resume();
    }

    /// <summary>Whether one's own pictures are looked at, and as whose.</summary>
    public void Watch(string? participantId) => _camera?.Watch(participantId);

    /// <summary>What was written, for people, once this is disposed; null when nothing was to be.</summary>
    public string? Saved() => _saved?.Describe();

    public async ValueTask DisposeAsync()
    {
        if (_watch is not null) await _watch.DisposeAsync();
        lock (_gate) _tell = (_, _) => { };
        foreach (var owned in _owned) owned.Dispose();
        _owned.Clear();
        _camera?.Dispose();
        _saved?.Dispose();
        Pictures?.Dispose();
    }

    private async Task OpenMicAsync(JoinSettings settings, MediaTools tools, string sound, CancellationToken cancellation)
    {
        var name = settings.Mic ?? sound;
        var (kind, frequency) = DeviceNames.Microphone(name);
        switch (kind)
        {
            case SourceKind.None:
                break;
            case SourceKind.Tone:
                _mic = new ToneSource(frequency);
                break;
            case SourceKind.File when DeviceNames.IsWav(name):
                _mic = Own(new WavSource(new WavReader(name), loop: false));
                break;
            case SourceKind.File:
                await OpenMicAsync(name, tools.NeedFfmpeg("A sound file that is no WAV"), MediaArguments.SoundFile(name), false, cancellation);
                break;
            default:
                await OrWarnAsync(settings.Mic is null, "No microphone", () => OpenMicAsync(
                    name, tools.NeedFfmpeg("A microphone"), MediaArguments.Microphone(tools.Sound, name), true, cancellation));
                break;
        }
    }

    private async Task OpenMicAsync(string name, string program, IReadOnlyList<string> arguments, bool isLive, CancellationToken cancellation)
    {
        var source = new ProcessAudioSource(() => MediaProcess.Start(program, arguments), name, isLive);
        await source.OpenAsync(cancellation);
        source.Ended += message => Ended(Device.Microphone, message);
        _mic = Own(source);
    }

    private async Task OpenCameraAsync(JoinSettings settings, MediaTools tools, CancellationToken cancellation)
    {
        var (width, height, fps) = (settings.Width, settings.Height, settings.Fps);
        var encoding = new Vp8EncoderSettings { Width = width, Height = height, FramesPerSecond = fps, BitrateKbps = settings.VideoKilobits };
        var kind = DeviceNames.Camera(settings.Camera);
        if (kind == SourceKind.None) return;
        if (kind == SourceKind.Pattern)
        {
            // Whether there is a codec is found out here.
            using (new Vp8Encoder(encoding))
            {
            }

            _camera = new PreviewedCamera(new PatternSource(encoding), Pictures);
            return;
        }

        var arguments = kind == SourceKind.File
            ? MediaArguments.VideoFile(settings.Camera, width, height, fps)
            : MediaArguments.Camera(tools.Sound, settings.Camera, width, height, fps);
        var program = tools.NeedFfmpeg(kind == SourceKind.File ? "A video file" : "A camera");
        var camera = new ProcessCamera(() => MediaProcess.Start(program, arguments), encoding, settings.Camera);
        await camera.OpenAsync(cancellation);
        camera.Ended += message => Ended(Device.Camera, message);
        _camera = new PreviewedCamera(camera, Pictures);
    }

    private async Task OpenSpeakerAsync(JoinSettings settings, MediaTools tools, string sound, CancellationToken cancellation)
    {
        var name = settings.Speaker ?? sound;
        if (name == "none") return;
        await OrWarnAsync(settings.Speaker is null, "No loudspeaker", async () =>
        {
            var (program, arguments) = MediaArguments.Speaker(tools, name);
            var sink = await SpeakerSink.OpenAsync(MediaProcess.Start(program, arguments), name, _time, cancellation);
            sink.Ended += message => Ended(Device.Speaker, message);
            _audioSinks.Add(Own(sink));
        });
    }

    private void OpenPictures()
    {
        try
        {
            Pictures = new TilePictures();
            _videoSinks.Add(Pictures);
        }
        catch (ParleyException e) when (e.Error == ParleyError.Media)
        {
            _warnings.Add($"No pictures: {e.Message}");
        }
    }

    private void OpenSave(JoinSettings settings)
    {
        if (settings.Save is not { } folder) return;
        _saved = SavedMedia.Create(folder, settings.Link.MeetingId, id => NameOf(id), message => Ended(Device.Disk, message), _time);
        _audioSinks.Add(_saved);
        _videoSinks.Add(_saved);
    }

    private async Task OrWarnAsync(bool isDefault, string what, Func<Task> open)
    {
        try
        {
            await open();
        }
        catch (ParleyException e) when (isDefault && e.Error == ParleyError.Media)
        {
            _warnings.Add($"{what}: {e.Message}");
        }
    }

    /// <summary>What cannot say by itself that it is over is asked.</summary>
    private void Watch()
    {
        if (_mic is WavSource { IsEnded: true } && !_isMicOver)
        {
            _isMicOver = true;
            Ended(Device.Microphone, "The file is over: the microphone is off");
        }

        _saved?.Check();
    }

    private void Ended(Device device, string message)
    {
        lock (_gate)
        {
            if (_tell is null) _early.Add((device, message));
            else _tell(device, message);
        }
    }

    private T Own<T>(T what) where T : IDisposable
    {
        _owned.Add(what);
        return what;
    }
}
