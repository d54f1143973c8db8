namespace Parley.Terminal.Join.Drawing;

/// <summary>A colour of a cell: the terminal's own, one of 24 bits, or one of xterm's 256.</summary>
internal readonly record struct Ink
{
    private const uint RgbTag = 1u << 24;
    private const uint IndexTag = 2u << 24;

    private readonly uint _value;

    private Ink(uint value) => _value = value;

    /// <summary>What the terminal draws with when nothing is said.</summary>
    public static Ink Default => default;

    public bool IsDefault => _value == 0;

    public bool IsRgb => _value >> 24 == 1;

    /// <summary>0–255; only when it is neither the default nor of 24 bits.</summary>
    public byte Index => (byte)_value;

    public byte Red => (byte)(_value >> 16);

    public byte Green => (byte)(_value >> 8);

    public byte Blue => (byte)_value;

    public static Ink Rgb(byte red, byte green, byte blue) => new(RgbTag | ((uint)red << 16) | ((uint)green << 8) | blue);

    public static Ink Indexed(byte index) => new(IndexTag | index);

    /// <summary>The nearest the terminal can show.</summary>
    public Ink At(ColorDepth depth) => depth switch
    {
        ColorDepth.None => Default,
        ColorDepth.Palette when IsRgb => Indexed(Palette256.Nearest(Red, Green, Blue)),
        _ => this,
    };
}
