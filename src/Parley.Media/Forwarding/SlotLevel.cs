namespace Parley.Media.Forwarding;

/// <summary>How much of what a slot's size could use is sent.</summary>
public enum SlotLevel
{
    /// <summary>All.</summary>
    Full,

    /// <summary>A lower layer.</summary>
    Reduced,

    /// <summary>Nothing.</summary>
    Paused,
}
