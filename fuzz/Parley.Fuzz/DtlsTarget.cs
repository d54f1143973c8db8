using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Parley.Media;
using Parley.Media.Dtls;

namespace Parley.Fuzz;

public static partial class FuzzTargets
{
    private static readonly Lazy<DtlsIdentity> DtlsServer =
        new(() => DtlsIdentity.Create(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), TimeSpan.FromDays(365)));

    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "Targets register themselves, so that no list has to be edited.")]
    internal static void RegisterDtls() => All["dtls"] = Dtls;

    /// <summary>
    /// The input is frames: the first is the certificate the SDP promised, the others are what the peer sends. It must end
    /// with a reason.
    /// </summary>
    private static void Dtls(ReadOnlySpan<byte> input)
    {
        var frames = FuzzFrames.Read(input);
        var promised = DtlsFingerprint.Of(frames.TryDequeue(out var certificate) ? certificate : []);
        foreach (var frame in frames)
        {
            CheckRecords(frame, DtlsRole.Client);
        }

        var outcome = DtlsServerHandshake.Run(DtlsServer.Value, promised, new DtlsScript(frames), random: RandomSource.Seeded(1));
        if (outcome.Succeeded || outcome.Failure == DtlsFailure.None)
        {
            throw new InvalidOperationException("A handshake completed without the client's key.");
        }
    }

    private static void CheckRecords(ReadOnlySpan<byte> datagram, DtlsRole sender)
    {
        if (!DtlsRecord.TryValidate(datagram, sender))
        {
            return;
        }

        var rest = datagram;
        while (DtlsRecord.TryRead(ref rest, out var record))
        {
            if (record.Fragment.IsEmpty || record.Epoch > 1)
            {
                throw new InvalidOperationException("A datagram passed with a record that must not.");
            }
        }

        if (!rest.IsEmpty)
        {
            throw new InvalidOperationException("A datagram passed that is not made of whole records.");
        }
    }

    private sealed class DtlsScript(Queue<byte[]> datagrams) : IDtlsDatagrams
    {
        public int Receive(Span<byte> buffer, TimeSpan wait)
        {
            if (!datagrams.TryDequeue(out var datagram))
            {
                return -1;
            }

            var length = Math.Min(datagram.Length, buffer.Length);
            datagram.AsSpan(0, length).CopyTo(buffer);
            return length;
        }

        public void Send(ReadOnlySpan<byte> datagram)
        {
        }
    }
}
