using Parley.Terminal.Join.View;

namespace Parley.Terminal.Join.Media;

/// <summary>Where none are drawn.</summary>
internal sealed class NoPictures : IPictures
{
    public (int Width, int Height)? Sample(string participantId, Func<int, int, (int Width, int Height)> fit, ref byte[] rgb) => null;

    public void KeepOnly(IReadOnlyCollection<string> participantIds)
    {
    }
}
