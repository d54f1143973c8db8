using Parley.Client.Video;
using Parley.Protocol;
using Parley.Terminal.Join.View;

namespace Parley.Terminal.Join.Media;

/// <summary>Decodes what arrives and keeps the newest picture of each camera, for the screen to take when it draws.</summary>
internal sealed class TilePictures : IVideoSink, IPictures, IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, I420Frame> _newest = [];
    private readonly DecodingSink _decoder;
    private HashSet<string> _kept = [];

    /// <exception cref="Client.ParleyException">libvpx is missing.</exception>
    public TilePictures()
    {
        _decoder = new DecodingSink(Take);
        _decoder.KeyframeWanted += (participantId, _) => KeyframeWanted?.Invoke(participantId);
    }

    /// <summary>Someone's pictures stand still until there is a keyframe. Any thread; must not block.</summary>
    public event Action<string>? KeyframeWanted;

    public void OnFrame(in VideoFrameInfo info, ReadOnlySpan<byte> frame)
    {
        if (info.Source == VideoSourceKind.Camera) _decoder.OnFrame(info, frame);
    }

    public (int Width, int Height)? Sample(string participantId, Func<int, int, (int Width, int Height)> fit, ref byte[] rgb)
    {
        lock (_gate)
        {
            if (!_newest.TryGetValue(participantId, out var picture)) return null;
            var (width, height) = fit(picture.Width, picture.Height);
            if (rgb.Length < 3 * width * height) rgb = new byte[3 * width * height];
            RgbSampler.Sample(picture.View, width, height, rgb);
            return (width, height);
        }
    }

    public void KeepOnly(IReadOnlyCollection<string> participantIds)
    {
        string[] gone;
        lock (_gate)
        {
            gone = [.. _kept.Where(id => !participantIds.Contains(id))];
            _kept = [.. participantIds];
            foreach (var id in gone) _newest.Remove(id);
        }

        foreach (var id in gone) _decoder.Forget(id);
    }

    public void Dispose() => _decoder.Dispose();

    private void Take(in VideoFrameInfo info, in I420View picture)
    {
        lock (_gate)
        {
            // Nobody looks any more; what is asked for next begins with a keyframe.
            if (!_kept.Contains(info.ParticipantId)) return;
            if (!_newest.TryGetValue(info.ParticipantId, out var newest) || newest.Width != picture.Width || newest.Height != picture.Height)
                _newest[info.ParticipantId] = newest = new I420Frame(picture.Width, picture.Height);
            newest.CopyFrom(picture);
        }
    }
}
