using System.Collections.Concurrent;
using Parley.Client.Video;

namespace Parley.Browser.Harness;

/// <summary>Decodes what a C# participant is sent and reads the barcodes: by the id of the participant whose picture it should be.</summary>
internal sealed class Eyes : IDisposable
{
    private readonly ConcurrentDictionary<string, Sight> _sights = new();

    public Eyes() => Sink = new DecodingSink(Look);

    public DecodingSink Sink { get; }

    /// <summary>The newest picture of someone; null when there was none.</summary>
    public Sight? Of(string participantId) => _sights.GetValueOrDefault(participantId);

    public void Dispose() => Sink.Dispose();

    private void Look(in VideoFrameInfo info, in I420View picture)
    {
        var read = Barcode.Read(picture.Y, picture.StrideY, picture.Width, picture.Height, Barcode.Now);
        var count = _sights.TryGetValue(info.ParticipantId, out var last) ? last.Count + 1 : 1;
        _sights[info.ParticipantId] = new Sight(count, read?.Number, read?.AgeMs ?? 0);
    }

    /// <param name="Count">Pictures so far.</param>
    /// <param name="Number">Whose barcode the newest has; null when it could not be read.</param>
    /// <param name="AgeMs">How old it was.</param>
    internal sealed record Sight(int Count, int? Number, double AgeMs);
}
