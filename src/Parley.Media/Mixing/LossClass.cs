namespace Parley.Media.Mixing;

/// <summary>How much of the mix a listener loses: those of one class can share an encode, and its in-band FEC.</summary>
internal enum LossClass
{
    /// <summary>Nothing to speak of: no FEC is written, all bits are for the voice.</summary>
    None,

    /// <summary>Some: FEC.</summary>
    Some,

    /// <summary>Much: FEC of better quality, at the voice's expense.</summary>
    Much,
}

internal static class LossClasses
{
    /// <summary>How many there are.</summary>
    public const int Count = 3;

    /// <summary>What the encoder is told to expect, in percent.</summary>
    public static int ExpectedPercent(this LossClass loss) => loss switch
    {
        LossClass.None => 0,
        LossClass.Some => 10,
        _ => 25,
    };

    /// <summary>The class of who was in this one and now reports so much loss. Up at once, down only when it is clearly over.</summary>
    public static LossClass At(this LossClass current, int percent) => percent switch
    {
        >= 15 => LossClass.Much,
        >= 8 when current == LossClass.Much => LossClass.Much,
        >= 2 => LossClass.Some,
        >= 1 when current != LossClass.None => LossClass.Some,
        _ => LossClass.None,
    };
}
