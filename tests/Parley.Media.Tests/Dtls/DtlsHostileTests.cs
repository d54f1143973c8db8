using System.Buffers.Binary;
using CsCheck;
using Org.BouncyCastle.Tls;
using Parley.Fuzz;
using Parley.Media.Dtls;

namespace Parley.Media.Tests.Dtls;

/// <summary>Whatever a peer sends, a handshake ends with a reason, in bounded memory, and throws nothing.</summary>
public sealed class DtlsHostileTests
{
    // Both flights of a real client, captured once. Its CertificateVerify can never fit another handshake.
    private static readonly Lazy<byte[][]> Captured = new(() =>
    {
        var sent = new List<byte[]>();
        var link = new DtlsLink(fromClient: (_, datagram) =>
        {
            sent.Add(datagram.ToArray());
            return [datagram];
        });
        var outcome = DtlsPair.Run(link, new DtlsTestClient(DtlsPair.Client) { Padding = 1400 });
        Assert.True(outcome.Succeeded);
        return [.. sent];
    });

    [Fact]
    public void A_replayed_handshake_proves_nothing()
    {
        var outcome = Run(Captured.Value);

        Assert.Equal(DtlsFailure.ProtocolError, outcome.Failure);
    }

    [Fact]
    public void A_hello_in_fragments_of_a_byte_that_never_ends_is_too_large()
    {
        var hello = Captured.Value[0];
        var body = new byte[16000];
        var before = GC.GetAllocatedBytesForCurrentThread();

        var outcome = Run(Enumerable.Range(0, 100_000).Select(i =>
            HelloFragments.Fragment(hello, body, i % 8000 * 2, i % 8000 * 2 + 1, i)));

        Assert.Equal(DtlsFailure.TooLarge, outcome.Failure);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 32_000_000);
    }

    [Fact]
    public void A_hello_that_declares_megabytes_is_too_large()
    {
        var hello = Captured.Value[0];

        var outcome = Run([HelloFragments.Fragment(hello, new byte[100], 0, 100, 0, declared: 0x7FFFFF)]);

        Assert.Equal(DtlsFailure.TooLarge, outcome.Failure);
    }

    [Fact]
    public void Datagrams_that_are_no_DTLS_use_the_budget_up_too()
    {
        var outcome = Run(Enumerable.Repeat(new byte[] { 22, 1, 2, 3 }, 100_000));

        Assert.Equal(DtlsFailure.TooLarge, outcome.Failure);
    }

    [Fact]
    public void Random_datagrams_end_with_a_reason() =>
        Gen.Byte.Array[0, 200].Array[0, 20].Sample(datagrams => !Run(datagrams).Succeeded, iter: 200, threads: 1);

    [Fact]
    public void A_mutated_handshake_ends_with_a_reason() =>
        Gen.Select(Gen.Int[0, Captured.Value.Length - 1], Gen.Int[0, 4000], Gen.Byte, Gen.Int[0, 5000]).Array[1, 6].Sample(
            mutations =>
            {
                var datagrams = Captured.Value.Select(datagram => datagram.ToArray()).ToArray();
                foreach (var (which, at, value, length) in mutations)
                {
                    var datagram = datagrams[which];
                    if (datagram.Length > 0)
                    {
                        datagram[at % datagram.Length] = value;
                    }

                    if (length < datagram.Length)
                    {
                        datagrams[which] = datagram[..length];
                    }
                }

                return !Run(datagrams).Succeeded;
            },
            iter: 300,
            threads: 1);

    [Fact]
    public void The_seed_corpus_ends_with_a_reason()
    {
        var seeds = Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "corpus", "dtls"), "*.bin");

        Assert.NotEmpty(seeds);
        Assert.All(seeds, seed => FuzzTargets.All["dtls"](File.ReadAllBytes(seed)));
    }

    [Theory]
    [InlineData("chromium")]
    [InlineData("firefox-cut-anew")]
    [InlineData("firefox-overtaken")]
    public void A_browsers_recorded_flights_are_read_down_to_the_signature(string seed)
    {
        // The frames of fuzz/corpus/dtls: the certificate, then what the browser sent. Only its signature is of another day.
        ReadOnlySpan<byte> rest = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "corpus", "dtls", seed + ".bin"));
        var frames = new List<byte[]>();
        while (!rest.IsEmpty)
        {
            var length = BinaryPrimitives.ReadUInt16BigEndian(rest);
            frames.Add(rest.Slice(2, length).ToArray());
            rest = rest[(2 + length)..];
        }

        var script = new DtlsScript(frames.Skip(1));
        var outcome = DtlsServerHandshake.Run(DtlsPair.Server, DtlsFingerprint.Of(frames[0]), script);

        Assert.Equal(DtlsFailure.ProtocolError, outcome.Failure);
        Assert.Equal((byte)AlertDescription.decrypt_error, outcome.Alert);
        Assert.Equal(2, script.Sent);
    }

    private static DtlsOutcome Run(IEnumerable<byte[]> datagrams) =>
        DtlsServerHandshake.Run(DtlsPair.Server, DtlsPair.Client.Fingerprint, new DtlsScript(datagrams), random: RandomSource.Seeded(1));
}
