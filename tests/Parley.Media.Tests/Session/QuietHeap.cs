using System.Runtime;

namespace Parley.Media.Tests.Session;

/// <summary>
/// No garbage collection until it is disposed: one that another thread brings about empties the pools that the counted path rents from, and what
/// fills them again is charged to it.
/// </summary>
internal sealed class QuietHeap : IDisposable
{
    private const long Room = 64 * 1024 * 1024;

    public QuietHeap() => GC.TryStartNoGCRegion(Room);

    public void Dispose()
    {
        if (GCSettings.LatencyMode == GCLatencyMode.NoGCRegion) GC.EndNoGCRegion();
    }
}
