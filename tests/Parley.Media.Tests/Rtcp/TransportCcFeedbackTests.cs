using CsCheck;
using Parley.Media.Rtcp;
using Parley.Media.Tests.Rtp;

namespace Parley.Media.Tests.Rtcp;

public sealed class TransportCcFeedbackTests
{
    private static bool TryParse(byte[] bytes, out TransportCcFeedback feedback)
    {
        var reader = new RtcpReader(bytes);
        Assert.True(reader.TryRead(out var packet));
        return TransportCcFeedback.TryParse(packet, out feedback);
    }

    /// <summary>Deltas in milliseconds, "-" for a lost packet.</summary>
    private static string Deltas(TransportCcFeedback feedback)
    {
        var deltas = new List<string>();
        foreach (var status in feedback)
        {
            deltas.Add(status.IsReceived ? status.Delta.TotalMilliseconds.ToString(System.Globalization.CultureInfo.InvariantCulture) : "-");
        }

        return string.Join(' ', deltas);
    }

    // Feedback as browsers sent it; what it says was worked out by hand from the draft.
    [Theory]
    [InlineData("AFCD0005 FA17FA17 43032FA0 00990001 3DE80217 2001 94 01", 153, 4057090, 23, "37")]
    [InlineData("AFCD0007 FA17FA17 193DD8BB 00040007 10636E01 2007 4C2424100C0C10 000003", 4, 1074030, 1, "19 9 9 4 3 3 4")]
    [InlineData("AFCD0007 9B74F61F 9371DCBC 853C0009 63F916B3 D552 0030 9BAA6AAA7B 0109 01", 34108, 6551830, 179, "38.75 42.5 26.5 42.5 30.75 - 66.25 - -")]
    [InlineData("8FCD0007 00000001 DD586EB6 00010009 5E911000 2009 1C0C2C3800040008 18 00", 1, 6197520, 0, "7 3 11 14 0 1 0 2 6")]
    public void Reads_captured_feedback(string hex, int baseSequence, int referenceTime, int count, string deltas)
    {
        Assert.True(TryParse(Hex.Bytes(hex), out var feedback));
        Assert.Equal(baseSequence, feedback.BaseSequenceNumber);
        Assert.Equal(referenceTime, feedback.ReferenceTime);
        Assert.Equal(count, feedback.FeedbackCount);
        Assert.Equal(deltas, Deltas(feedback));
    }

    [Fact]
    public void Reads_negative_deltas_and_a_negative_reference_time()
    {
        // Base 0xFFFF, so the numbers wrap; reference −1 (−64 ms); large deltas of +100 ms and −10 ms in a run.
        var bytes = Hex.Bytes("8FCD0006 00000001 00000002 FFFF0002 FFFFFF00 4002 0190 FFD8 0000");
        Assert.True(TryParse(bytes, out var feedback));
        var statuses = feedback.GetEnumerator();
        Assert.True(statuses.MoveNext());
        Assert.Equal(
            new TransportCcStatus(0xFFFF, true, TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(36)), statuses.Current);
        Assert.True(statuses.MoveNext());
        Assert.Equal(new TransportCcStatus(0, true, TimeSpan.FromMilliseconds(-10), TimeSpan.FromMilliseconds(26)), statuses.Current);
        Assert.False(statuses.MoveNext());
    }

    [Fact]
    public void Reads_the_chunks_the_draft_draws()
    {
        // §3.1.3: a run of 221 lost; §3.1.4: one lost, five received, three lost, three received, two lost.
        var bytes = Hex.Bytes("8FCD0007 00000001 00000002 000000EB 00000000 00DD 9F1C 0101010101010101");
        Assert.True(TryParse(bytes, out var feedback));
        Assert.Equal(
            string.Join(' ', Enumerable.Repeat("-", 222)) + " 0.25 0.25 0.25 0.25 0.25 - - - 0.25 0.25 0.25 - -", Deltas(feedback));
    }

    [Theory]
    [InlineData("8FCD0003 00000001 00000002 00000001")] // no room for the fixed part
    [InlineData("8FCD0005 00000001 00000002 00000000 00000000 20010100")] // no statuses
    [InlineData("8FCD0004 00000001 00000002 00000001 00000000")] // no chunk
    [InlineData("8FCD0005 00000001 00000002 00000003 00000000 20030101")] // a delta past the end
    [InlineData("8FCD0005 00000001 00000002 00000002 00000000 40010101")] // a chunk past the end (0x0101 is another run)
    [InlineData("8FCD0005 00000001 00000002 00000001 00000000 60010101")] // the reserved symbol in a run
    [InlineData("8FCD0005 00000001 00000002 00000001 00000000 F0000101")] // and in a vector
    [InlineData("AFCD0006 FA17FA17 193DD8BB 0001000E 10636D00 BA00 100C0C10 0003")] // padding that takes a delta with it
    [InlineData("8FCD0005 00000001 00000002 0000FFFF 00000000 00000000")] // runs of nothing that never cover the count
    public void Refuses_malformed_feedback(string hex) => Assert.False(TryParse(Hex.Bytes(hex), out _));

    [Fact]
    public void What_lies_beyond_the_count_in_the_last_chunk_is_not_read()
    {
        // Count 1 of a run of 8,191; the reserved symbol beyond the count of a vector.
        Assert.True(TryParse(Hex.Bytes("8FCD0005 00000001 00000002 00000001 00000000 3FFF0400"), out var run));
        Assert.Equal("1", Deltas(run));
        Assert.True(TryParse(Hex.Bytes("8FCD0005 00000001 00000002 00000001 00000000 DFFF0400"), out var vector));
        Assert.Equal("1", Deltas(vector));
    }

    [Fact]
    public void What_is_encoded_parses_to_the_same()
    {
        var symbols = Gen.Frequency(
            (3, Gen.Const(int.MinValue)), (4, Gen.Int[0, 255]), (1, Gen.Int[short.MinValue, short.MaxValue]));
        var runs = Gen.Select(Gen.Int[1, 40], Gen.Frequency((2, Gen.Const(int.MinValue)), (2, Gen.Const(9)), (1, Gen.Const(-700))))
            .Array[1, 6].Select(pairs => pairs.SelectMany(p => Enumerable.Repeat(p.Item2, p.Item1)).ToArray());
        Gen.Select(Gen.UShort, Gen.Int[-0x800000, 0x7FFFFF], Gen.Byte, Gen.OneOf(symbols.Array[1, 150], runs), Gen.Int[40, 600]).Sample(
            (baseSequence, referenceTime, count, deltas, capacity) =>
            {
                var buffer = new byte[capacity + 1];
                buffer[capacity] = 0x5A;
                var writer = new RtcpWriter(buffer.AsSpan(0, capacity));
                Assert.True(writer.WriteTransportCc(1, 2, baseSequence, referenceTime, count, deltas, out var encoded));
                Assert.InRange(encoded, 1, deltas.Length);
                Assert.Equal(0x5A, buffer[capacity]);
                Assert.True(encoded == deltas.Length || writer.Length > capacity - 20);

                Assert.True(TryParse(writer.Written.ToArray(), out var feedback));
                Assert.Equal((1u, 2u), (feedback.SenderSsrc, feedback.MediaSsrc));
                Assert.Equal((referenceTime, count, encoded), (feedback.ReferenceTime, feedback.FeedbackCount, feedback.StatusCount));
                var index = 0;
                foreach (var status in feedback)
                {
                    Assert.Equal((ushort)(baseSequence + index), status.SequenceNumber);
                    Assert.Equal(deltas[index] != int.MinValue, status.IsReceived);
                    Assert.True(!status.IsReceived || status.Delta == TimeSpan.FromMicroseconds(250) * deltas[index]);
                    index++;
                }

                Assert.Equal(encoded, index);
            },
            iter: 3_000);
    }
}
