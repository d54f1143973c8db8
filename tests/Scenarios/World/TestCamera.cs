using Parley.Media;
using Parley.Media.Srtp;

namespace Parley.Scenarios.World;

/// <summary>A camera or a screen: its encodings, of which those are sent that the server has use for.</summary>
internal sealed class TestCamera
{
    private readonly List<TestEncoding> _encodings = [];

    /// <param name="owner">Whose.</param>
    /// <param name="isScreen">Whether it is a screen.</param>
    /// <param name="shapes">Its encodings.</param>
    /// <param name="equipment">How often it films, and whether it repairs by RTX.</param>
    /// <param name="keys">Of its packets.</param>
    /// <param name="random">For SSRCs and sizes.</param>
    /// <param name="send">Where packets go.</param>
    public TestCamera(
        int owner, bool isScreen, IReadOnlyList<EncodingShape> shapes, Equipment equipment, SrtpSessionKeys keys, RandomSource random, DatagramSender send)
    {
        (Owner, IsScreen, FrameInterval, Repairs, Send) = (owner, isScreen, equipment.FrameInterval, equipment.Adapts, send);
        for (var i = 0; i < shapes.Count; i++) _encodings.Add(new TestEncoding(this, shapes[i], i, keys, random));
        Layers = shapes.Count;
    }

    public delegate void DatagramSender(ReadOnlySpan<byte> datagram);

    public int Owner { get; }

    public bool IsScreen { get; }

    public string Mid => IsScreen ? "2" : "1";

    public TimeSpan FrameInterval { get; }

    /// <summary>Whether what is lost is sent again as RTX (RFC 4588).</summary>
    public bool Repairs { get; }

    public DatagramSender Send { get; }

    public IReadOnlyList<TestEncoding> Encodings => _encodings;

    public bool IsOn { get; set; } = true;

    /// <summary>How many encodings anybody has use for, as the server told.</summary>
    public int Layers { get; set; }

    public void Film(TimeSpan now)
    {
        for (var i = 0; i < _encodings.Count; i++) _encodings[i].Film(IsOn && i < Layers, now);
    }

    public TestEncoding? Find(uint ssrc) => _encodings.Find(encoding => encoding.Ssrc == ssrc);
}
