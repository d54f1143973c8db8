namespace Parley.Terminal.Join.View;

/// <summary>The pictures there are now, as the screen needs them.</summary>
internal interface IPictures
{
    /// <summary>Samples the latest picture of someone.</summary>
    /// <param name="participantId">Whose.</param>
    /// <param name="fit">Given the picture's size, how large it is to be drawn.</param>
    /// <param name="rgb">3 bytes per pixel, row by row; grown where it is too short.</param>
    /// <returns>The size drawn, or null when there is no picture yet.</returns>
    (int Width, int Height)? Sample(string participantId, Func<int, int, (int Width, int Height)> fit, ref byte[] rgb);

    /// <summary>Lets go of the pictures of all others: when they are shown again, it begins with a new one.</summary>
    void KeepOnly(IReadOnlyCollection<string> participantIds);
}
