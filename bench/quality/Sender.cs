using Parley.Media.Mixing;

namespace Parley.Quality;

/// <summary>Encodes as browsers do: 48 kHz mono, 32 kb/s, in-band FEC by the loss that is reported.</summary>
internal static class Sender
{
    private const int Complexity = 9; // As libwebrtc uses on desktops.

    private static readonly Dictionary<(Speech, int?), byte[][]> Encoded = [];

    /// <param name="speech">What is said.</param>
    /// <param name="reportedLoss">In percent; null: no FEC whatever is lost.</param>
    public static byte[][] Encode(Speech speech, int? reportedLoss)
    {
        if (Encoded.TryGetValue((speech, reportedLoss), out var known)) return known;
        using var encoder = new OpusEncoder(
            new OpusEncoderOptions { Complexity = Complexity, InbandFec = reportedLoss is not null, ExpectedLossPercent = reportedLoss ?? 0 });
        var room = new byte[AudioFormat.MaxEncodedBytes];
        var packets = speech.Samples.Chunk(AudioFormat.FrameSamples).Select(frame => room[..encoder.Encode(frame, room)]).ToArray();
        return Encoded[(speech, reportedLoss)] = packets;
    }
}
