using System.Buffers.Binary;

namespace Parley.Media.Rtcp;

/// <summary>Packs arrivals into the chunks and deltas of transport-wide feedback.</summary>
internal static class TransportCcEncoder
{
    /// <summary>In a span of deltas: this packet was not received.</summary>
    internal const int NotReceived = int.MinValue;

    /// <summary>The shortest body that always has room for a received packet after any number of lost ones.</summary>
    internal const int MinimumBodyLength = TransportCcFeedback.FixedLength + 20;

    internal static int Symbol(int delta) => delta switch
    {
        NotReceived => TransportCcChunk.NotReceived,
        >= 0 and <= byte.MaxValue => TransportCcChunk.SmallDelta,
        >= short.MinValue and <= short.MaxValue => TransportCcChunk.LargeDelta,
        _ => throw new ArgumentOutOfRangeException(nameof(delta), "A delta has 16 signed bits of 250 µs."),
    };

    /// <summary>
    /// Writes the chunks and deltas of as many statuses as fit behind the fixed part of a body. Returns the body's length,
    /// padded to 32 bits with zeros (§3.1.1), and how many statuses it holds.
    /// </summary>
    internal static int Encode(Span<byte> body, ReadOnlySpan<int> deltas, out int encoded)
    {
        var capacity = (body.Length & ~3) - TransportCcFeedback.FixedLength;
        var chunks = body[TransportCcFeedback.FixedLength..];
        var chunkLength = 0;
        var deltaLength = 0;
        encoded = 0;
        while (encoded < deltas.Length)
        {
            var room = capacity - chunkLength - deltaLength - 2;
            if (room < 0 || !TryNextChunk(deltas[encoded..], room, out var chunk, out var covered, out var added))
            {
                break;
            }

            BinaryPrimitives.WriteUInt16BigEndian(chunks[chunkLength..], chunk);
            chunkLength += 2;
            deltaLength += added;
            encoded += covered;
        }

        var position = TransportCcFeedback.FixedLength + chunkLength;
        foreach (var delta in deltas[..encoded])
        {
            switch (Symbol(delta))
            {
                case TransportCcChunk.SmallDelta:
                    body[position++] = (byte)delta;
                    break;
                case TransportCcChunk.LargeDelta:
                    BinaryPrimitives.WriteInt16BigEndian(body[position..], (short)delta);
                    position += 2;
                    break;
            }
        }

        var padding = -position & 3;
        body.Slice(position, padding).Clear();
        return position + padding;
    }

    /// <summary>Takes the form of chunk that covers most of what comes next.</summary>
    private static bool TryNextChunk(ReadOnlySpan<int> deltas, int room, out ushort chunk, out int covered, out int deltaLength)
    {
        var symbol = Symbol(deltas[0]);
        var run = 1;
        while (run < deltas.Length && run < TransportCcChunk.MaxRunLength && Symbol(deltas[run]) == symbol)
        {
            run++;
        }

        // A vector that is not the last chunk must be full, so one-bit symbols need fourteen without a large delta.
        var vector = Math.Min(deltas.Length, TransportCcChunk.OneBitSymbols);
        var isOneBit = HasNoLargeDelta(deltas[..vector]);
        if (!isOneBit)
        {
            vector = Math.Min(deltas.Length, TransportCcChunk.TwoBitSymbols);
        }

        if (run >= vector)
        {
            covered = symbol == TransportCcChunk.NotReceived ? run : Math.Min(run, room / symbol);
            deltaLength = covered * symbol;
            chunk = TransportCcChunk.Run(symbol, covered);
            return covered > 0;
        }

        covered = vector;
        deltaLength = 0;
        foreach (var delta in deltas[..vector])
        {
            deltaLength += Symbol(delta);
        }

        chunk = isOneBit ? TransportCcChunk.OneBitVector(deltas[..vector]) : TransportCcChunk.TwoBitVector(deltas[..vector]);
        return deltaLength <= room;
    }

    private static bool HasNoLargeDelta(ReadOnlySpan<int> deltas)
    {
        foreach (var delta in deltas)
        {
            if (Symbol(delta) == TransportCcChunk.LargeDelta)
            {
                return false;
            }
        }

        return true;
    }
}
