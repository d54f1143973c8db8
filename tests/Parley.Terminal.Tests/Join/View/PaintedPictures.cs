using Parley.Terminal.Join.View;

namespace Parley.Terminal.Tests.Join.View;

/// <summary>Pictures of one colour each, 160×90.</summary>
internal sealed class PaintedPictures : IPictures
{
    public Dictionary<string, (byte Red, byte Green, byte Blue)> Colors { get; } = [];

    public IReadOnlyCollection<string> Kept { get; private set; } = [];

    public (int Width, int Height)? Sample(string participantId, Func<int, int, (int Width, int Height)> fit, ref byte[] rgb)
    {
        if (!Colors.TryGetValue(participantId, out var color)) return null;
        var (width, height) = fit(160, 90);
        rgb = new byte[3 * width * height];
        for (var i = 0; i < rgb.Length; i += 3) (rgb[i], rgb[i + 1], rgb[i + 2]) = color;
        return (width, height);
    }

    public void KeepOnly(IReadOnlyCollection<string> participantIds) => Kept = participantIds;
}
