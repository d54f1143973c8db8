using CsCheck;
using Parley.Fuzz;
using Parley.Media.Dtls;

namespace Parley.Media.Tests.Dtls;

/// <summary>Whatever a server sends, a handshake ends with a reason, in bounded memory, and throws nothing.</summary>
public sealed class DtlsClientHostileTests
{
    // Both flights of a server to the seeded client, captured once. As the client's random bytes are the same each time,
    // they are right up to the Finished, which covers a signature that is not.
    private static readonly Lazy<byte[][]> Captured = new(() =>
    {
        var link = new DtlsLink();
        DtlsOutcome? server = null;
        var thread = new Thread(() => server = DtlsServerHandshake.Run(DtlsPair.Server, DtlsPair.Client.Fingerprint, link.Server));
        thread.Start();
        var client = DtlsClientHandshake.Run(
            DtlsPair.Client, DtlsPair.Server.Fingerprint, link.Client, DtlsPair.Patient, RandomSource.Seeded(1));
        thread.Join();
        Assert.True(client.Succeeded, client.ToString());
        Assert.True(server!.Succeeded);
        return [.. link.Server.Sent];
    });

    [Fact]
    public void A_replayed_handshake_gets_as_far_as_the_Finished()
    {
        var script = new DtlsScript(Captured.Value);

        var outcome = Run(script);

        Assert.False(outcome.Succeeded);
        Assert.InRange(script.Sent, 2, 3);
    }

    [Fact]
    public void A_certificate_that_declares_megabytes_is_too_large()
    {
        byte[] record =
        [
            22, 0xFE, 0xFD, 0, 0, 0, 0, 0, 0, 0, 1, 0, 112, 11, 0x7F, 0xFF, 0xFF, 0, 2, 0, 0, 0, 0, 0, 100, .. new byte[100],
        ];

        Assert.Equal(DtlsFailure.TooLarge, Run(new DtlsScript([record])).Failure);
    }

    [Fact]
    public void HelloVerifyRequests_without_end_are_too_large()
    {
        // Numbered anew, each of them a fresh cookie.
        var requests = Enumerable.Range(0, 100_000).Select(i => new byte[]
        {
            22, 0xFE, 0xFF, 0, 0, 0, 0, 0, (byte)(i >> 16), (byte)(i >> 8), (byte)i, 0, 16,
            3, 0, 0, 4, 0, (byte)(i == 0 ? 0 : 1), 0, 0, 0, 0, 0, 4, 0xFE, 0xFF, 1, (byte)i,
        });
        var script = new DtlsScript(requests);

        Assert.Equal(DtlsFailure.TooLarge, Run(script).Failure);
        Assert.InRange(script.Sent, 2, 520);
    }

    [Fact]
    public void Random_datagrams_end_with_a_reason() =>
        Gen.Byte.Array[0, 200].Array[0, 20].Sample(datagrams => !Run(new DtlsScript(datagrams)).Succeeded, iter: 200, threads: 1);

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

                return !Run(new DtlsScript(datagrams)).Succeeded;
            },
            iter: 300,
            threads: 1);

    private static DtlsOutcome Run(DtlsScript script) =>
        DtlsClientHandshake.Run(DtlsPair.Client, DtlsPair.Server.Fingerprint, script, random: RandomSource.Seeded(1));
}
