namespace Parley.Media.Ice;

/// <summary>Where a full agent stands.</summary>
public enum IceAgentState
{
    /// <summary>The remote credentials are not known; early checks are answered.</summary>
    New,

    /// <summary>No pair of these credentials is selected yet. After a restart the pair of before carries on.</summary>
    Checking,

    /// <summary>A pair is selected and consent is fresh: send to it.</summary>
    Connected,

    /// <summary>Consent is late, or the selected base is gone; other pairs are checked again.</summary>
    Disconnected,

    /// <summary>Nothing may be sent (RFC 7675 §5.1). Only <see cref="IceAgent.Restart"/> leads out.</summary>
    Failed,

    /// <summary>We ended it. Final.</summary>
    Closed,
}

/// <summary>Why a full agent came into its state.</summary>
public enum IceAgentStateReason
{
    /// <summary>It was made.</summary>
    Created,

    /// <summary>The remote credentials came.</summary>
    RemoteKnown,

    /// <summary>A pair was nominated.</summary>
    Nominated,

    /// <summary>No answer from the selected pair for <see cref="IceAgentOptions.DisconnectedAfter"/>.</summary>
    ConsentLate,

    /// <summary>The base of the selected pair was removed.</summary>
    LocalRemoved,

    /// <summary>An answer came after all.</summary>
    ConsentResumed,

    /// <summary>No answer for <see cref="IceAgentOptions.ConsentLifetime"/> (RFC 7675 §5.1).</summary>
    ConsentExpired,

    /// <summary>Every pair failed, and no more candidates come.</summary>
    AllPairsFailed,

    /// <summary>Nothing was selected within <see cref="IceAgentOptions.ConnectTimeout"/>.</summary>
    NeverConnected,

    /// <summary><see cref="IceAgent.Restart"/>, or new remote credentials.</summary>
    Restarted,

    /// <summary><see cref="IceAgent.Close"/>.</summary>
    ClosedByUs,
}
