using Microsoft.EntityFrameworkCore.Storage;

namespace Parley.Server.Records;

/// <summary>The database behind the records: all in which SQLite and PostgreSQL differ.</summary>
internal interface IRecordStore : IDisposable
{
    /// <summary>What the operator knows it by, without a secret.</summary>
    string Name { get; }

    /// <summary>Makes sure that the database is ours alone, whole and not newer, and brings it up to date.</summary>
    /// <exception cref="RecordsUnavailableException">It is not; nothing was changed.</exception>
    void Open();

    /// <summary>For reads.</summary>
    RecordsContext CreateContext();

    /// <summary>For the one writer: a commit through it is on disk when it returns, and only the owner of the database can make one.</summary>
    RecordsContext CreateWriterContext();

    /// <summary>A transaction that sees one moment of the database and blocks nobody.</summary>
    Task<IDbContextTransaction> BeginSnapshotAsync(RecordsContext db, CancellationToken cancellation);

    /// <summary>Whether a write was refused by a key or an index: the fault of that write alone.</summary>
    bool IsConstraint(Exception e);

    /// <summary>What to tell callers when the store itself failed, or null when <paramref name="e"/> is something else.</summary>
    RecordsUnavailableException? Unavailable(Exception e);

    /// <summary>
    /// Waits until what failed so, and was not committed, is worth another try: the database server is being started again. False, at once, when
    /// it failed for another reason, when it was tried often enough, or when the last one who waited waited in vain.
    /// </summary>
    /// <param name="tries">How often it was tried, from 1.</param>
    Task<bool> WaitForReturnAsync(Exception e, int tries, CancellationToken cancellation);

    /// <summary>The database did what it was asked to.</summary>
    void Answered();

    /// <summary>A write that changes nothing, but has to reach the disk as any other.</summary>
    void Touch(RecordsContext db);

    /// <summary>Leaves nothing of what was deleted where a reader of the files would find it, as far as the database can. Blocks.</summary>
    void Purge();

    /// <summary>Forgets handles and connections after a failure, so that the next use begins anew: how the store recovers.</summary>
    void Reset();
}
