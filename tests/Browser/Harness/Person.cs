namespace Parley.Browser.Harness;

/// <summary>Who sits before a browser: a name, a number in the picture and a tone.</summary>
/// <param name="Number">0–15, in the barcode.</param>
/// <param name="Frequency">Hz. Far from the others': Opus leaves noise beside a tone.</param>
internal sealed record Person(string Name, int Number, int Frequency)
{
    public static readonly Person Ada = new("Ada", 1, 440);
    public static readonly Person Ben = new("Ben", 2, 1000);
    public static readonly Person Cleo = new("Cleo", 3, 1700);
    public static readonly Person Dan = new("Dan", 4, 2600);

    public static readonly Person[] All = [Ada, Ben, Cleo, Dan];

    /// <summary><c>working</c>, <c>missing</c>, <c>denied</c> or <c>inUse</c>.</summary>
    public string Devices { get; init; } = "working";

    /// <summary>Of the tone: far above coding noise, and four together stay below the mixer's limiter. 0 is silence.</summary>
    public double Amplitude { get; init; } = 0.1;

    /// <summary>Their tone is there for a moment twice a second, at times that lips.js knows.</summary>
    public bool Beeps { get; init; }

    /// <summary>Of the noise of a fan that their microphone takes up beside the tone, before its high part is taken away.</summary>
    public double Noise { get; init; }

    /// <summary>Hz, of the sound of the screen that they share; 0 is a screen without sound.</summary>
    public int ScreenTone { get; init; }

    /// <summary>A network that lets nothing out but to a relay.</summary>
    public bool RelayOnly { get; init; }

    /// <summary>A drawn camera of Harness/scenes.js instead of the barcode.</summary>
    public string? Scene { get; init; }

    /// <summary>What the browser's own language is.</summary>
    public string Locale { get; init; } = "en-GB";

    /// <summary>What the page asks of the camera: width × height @ pictures per second.</summary>
    public string Camera { get; init; } = "320x180@15";
}
