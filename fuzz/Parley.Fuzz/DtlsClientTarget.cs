using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Parley.Media;
using Parley.Media.Dtls;

namespace Parley.Fuzz;

public static partial class FuzzTargets
{
    private static readonly Lazy<DtlsIdentity> DtlsClient =
        new(() => DtlsIdentity.Create(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), TimeSpan.FromDays(365)));

    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "Targets register themselves, so that no list has to be edited.")]
    internal static void RegisterDtlsClient() => All["dtls-client"] = RunDtlsClient;

    /// <summary>
    /// The input is frames: the first is the certificate the SDP promised, the others are what the server sends. The
    /// client's random bytes are the same each time, so a recorded server's first flight is believed. It must end with a reason.
    /// </summary>
    private static void RunDtlsClient(ReadOnlySpan<byte> input)
    {
        var frames = FuzzFrames.Read(input);
        var promised = DtlsFingerprint.Of(frames.TryDequeue(out var certificate) ? certificate : []);
        foreach (var frame in frames)
        {
            CheckRecords(frame, DtlsRole.Server);
        }

        var outcome = DtlsClientHandshake.Run(DtlsClient.Value, promised, new DtlsScript(frames), random: RandomSource.Seeded(1));
        Promise.Check(!outcome.Succeeded && outcome.Failure != DtlsFailure.None);
    }
}
