using System.Collections.Concurrent;
using System.Net;
using Parley.Client.Audio;
using Parley.Client.Media;
using Parley.Client.Rtc;
using Parley.Client.Video;
using Parley.Media.Ice;
using Parley.Media.Sdp;
using Parley.Protocol;

namespace Parley.Client.Tests.Interop;

/// <summary>A C# end of a connection to whoever speaks WebRTC: a microphone and a camera, ears and eyes, and no server.</summary>
internal sealed class MediaPeer : IRtcConnectionEvents, IVideoOutput, IAsyncDisposable
{
    /// <summary>Whose the pictures are that come, in the sink's words.</summary>
    public const string OtherId = "other";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly SdpLine[] Lines =
        [new(MediaKind.Audio, "0", MediaDirection.SendRecv), new(MediaKind.Video, "1", MediaDirection.SendRecv)];

    private readonly MediaHost _host = new(TimeProvider.System);
    private readonly RtcConnection _connection;
    private readonly ConcurrentQueue<(RtcPeerState State, string Reason)> _states = new();
    private readonly TaskCompletionSource _gathered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly IVideoSource _camera;
    private int _keyframes;
    private int _keyframesAsked;
    private int _heldBack;
    private volatile bool _holdsBackCamera;
    private bool _isDisposed;
    private volatile IVideoSink? _eyes;

    public MediaPeer(IceRole role, IVideoSource camera, IceAgentOptions? ice = null)
    {
        _camera = camera;
        _connection = new RtcConnection(_host, this, options => options with { Role = role, Ice = ice });
    }

    public RtcPeer Peer => _connection.Peer;

    /// <summary>All states so far, and why.</summary>
    public IReadOnlyCollection<(RtcPeerState State, string Reason)> States => _states;

    /// <summary>Keyframes that came.</summary>
    public int Keyframes => Volatile.Read(ref _keyframes);

    /// <summary>How often the other side asked for one.</summary>
    public int KeyframesAsked => Volatile.Read(ref _keyframesAsked);

    /// <summary>Takes the pictures that come; those that come before it is set are lost.</summary>
    public IVideoSink? Eyes
    {
        get => _eyes;
        set => _eyes = value;
    }

    /// <summary>Pictures of the camera's that were not sent.</summary>
    public int HeldBack => Volatile.Read(ref _heldBack);

    /// <summary>While set, what the camera takes is not sent.</summary>
    public bool HoldsBackCamera
    {
        get => _holdsBackCamera;
        set => _holdsBackCamera = value;
    }

    /// <summary>Opens sockets and waits for all candidates.</summary>
    public Task Gather(IReadOnlyList<IPAddress> addresses)
    {
        _connection.Open(addresses);
        return _gathered.Task.WaitAsync(Patience, TestContext.Current.CancellationToken);
    }

    public string Offer(bool restartIce = false) => Ask(peer => peer.CreateOffer(Lines, restartIce, _host.Loop.Now));

    public string Answer(string offer)
    {
        var (answer, refused) = TryAnswer(offer);
        Assert.Null(refused);
        return answer!;
    }

    /// <summary>The answer, or why there is none.</summary>
    public (string? Answer, string? Refused) TryAnswer(string offer) => Ask(peer => peer.Answer(offer, Lines, _host.Loop.Now));

    public void Accept(string answer) => Assert.Null(Ask(peer => peer.ApplyAnswer(answer, _host.Loop.Now)));

    /// <summary>Turns on microphone, camera and ears, once offer and answer are exchanged.</summary>
    public void Begin(IAudioSource microphone, IAudioSink ears)
    {
        Ask(peer =>
        {
            peer.Heard!.Sink = ears;
            peer.Microphone!.Feed = new MicrophoneFeed(microphone);
            peer.Microphone.Enabled = true;
            peer.Cameras[0].Enabled = true;
            peer.ArmAudio(_host.Loop.Now);
            return true;
        });
        _camera.Start(this);
    }

    /// <summary>Asks the other side for a keyframe.</summary>
    public void AskForKeyframe() => _connection.Post(() => Peer.RequestKeyframe("1", _host.Loop.Now));

    /// <summary>Reads or does something on the media thread.</summary>
    public T Ask<T>(Func<RtcPeer, T> ask) => _connection.Run(() => ask(Peer));

    public async ValueTask DisposeAsync()
    {
        if (_isDisposed) return;
        _isDisposed = true;
        _camera.Dispose();
        await _connection.DisposeAsync();
        _host.Release();
    }

    void IVideoOutput.Send(ReadOnlySpan<byte> frame, TimeSpan captureTime)
    {
        if (_holdsBackCamera)
        {
            Interlocked.Increment(ref _heldBack);
            return;
        }

        var copy = frame.ToArray();
        _connection.Post(() =>
        {
            if (Peer.Cameras is [var camera, ..]) camera.Send(copy, captureTime, _host.Loop.Now);
        });
    }

    void IRtcConnectionEvents.OnStateChanged(RtcPeerState state, string reason) => _states.Enqueue((state, reason));

    void IRtcConnectionEvents.OnCandidate(IceCandidate candidate)
    {
    }

    void IRtcConnectionEvents.OnGathered() => _gathered.TrySetResult();

    void IRtcConnectionEvents.OnKeyframeRequested(string mid)
    {
        Interlocked.Increment(ref _keyframesAsked);
        _camera.RequestKeyframe();
    }

    void IRtcConnectionEvents.OnVideoFrame(string mid, ReadOnlySpan<byte> frame, long timestamp, bool isKeyframe)
    {
        if (isKeyframe) Interlocked.Increment(ref _keyframes);
        _eyes?.OnFrame(new VideoFrameInfo(OtherId, VideoSourceKind.Camera, timestamp, isKeyframe), frame);
    }
}
