namespace Parley.Server.Records;

/// <summary>
/// The records cannot be opened, read or written, for a reason outside the program: a full disk, a missing permission, a
/// damaged file, a folder already in use, a database server that is away. Nothing of the failed call was acknowledged. The same call may work later.
/// </summary>
public sealed class RecordsUnavailableException : Exception
{
    /// <param name="store">The file, folder or database it is about.</param>
    /// <param name="reason">A sentence without a final period, for the operator.</param>
    /// <param name="inner">What the database or the system said, if it was that.</param>
    public RecordsUnavailableException(string store, string reason, Exception? inner = null)
        : base($"The meeting records in '{store}' are not available: {reason}.", inner)
    {
        Store = store;
        Reason = reason;
    }

    /// <summary>The file, folder or database it is about.</summary>
    public string Store { get; }

    /// <summary>Why, for the operator.</summary>
    public string Reason { get; }
}
