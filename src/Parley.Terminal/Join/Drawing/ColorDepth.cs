namespace Parley.Terminal.Join.Drawing;

/// <summary>How many colours the terminal shows.</summary>
internal enum ColorDepth
{
    /// <summary>Its own two, and bold, dim and reverse.</summary>
    None,

    /// <summary>The 256 of xterm: 16 of the user's taste, a cube of 6×6×6, 24 greys.</summary>
    Palette,

    /// <summary>24 bits (SGR 38;2 and 48;2).</summary>
    True,
}
