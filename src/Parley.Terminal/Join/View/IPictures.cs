namespace Parley.Terminal.Join.View;

/// <summary>The pictures there are now, as the screen needs them.</summary>
internal interface IPictures
{
    /// <summary>Samples the latest picture of someone into the largest size of its shape that fits.</summary>
    /// <param name="participantId">Whose.</param>
    /// <param name="fit">Given the picture's size, how large it is to be drawn.</param>
    /// <param name="rgb">3 bytes per pixel, row by row; as long as the answer asks for.</param>
    /// <returns>The size drawn, or null when there is no picture yet.</returns>
    (int Width, int Height)? Sample(string participantId, Func<int, int, (int Width, int Height)> fit, ref byte[] rgb);
}
