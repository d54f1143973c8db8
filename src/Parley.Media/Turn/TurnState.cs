namespace Parley.Media.Turn;

/// <summary>Where a TURN client stands.</summary>
public enum TurnState
{
    /// <summary>It asks for an allocation.</summary>
    Allocating,

    /// <summary>It has a relayed address.</summary>
    Allocated,

    /// <summary>It got none or lost it: see <see cref="TurnClient.Error"/>.</summary>
    Failed,

    /// <summary>We gave it back.</summary>
    Closed,
}
