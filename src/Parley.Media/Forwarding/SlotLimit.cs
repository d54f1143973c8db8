namespace Parley.Media.Forwarding;

/// <summary>Why a slot gets less than it could use.</summary>
public enum SlotLimit
{
    /// <summary>It does not.</summary>
    None,

    /// <summary>The viewer's path is too narrow.</summary>
    Bandwidth,

    /// <summary>This machine has too much to do.</summary>
    Overload,
}
