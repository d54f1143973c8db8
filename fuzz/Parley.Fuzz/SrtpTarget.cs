using System.Runtime.CompilerServices;
using Parley.Media.Srtp;

namespace Parley.Fuzz;

public static partial class FuzzTargets
{
#pragma warning disable CA2255 // Each target registers itself, so that adding one touches no shared file.
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void RegisterSrtp() => All["srtp"] = RunSrtp;

    /// <summary>
    /// Unprotects the input as SRTP and SRTCP under fixed keys of both profiles. What is refused must leave no state; what is
    /// accepted (the seeds are) must be accepted once only.
    /// </summary>
    private static void RunSrtp(ReadOnlySpan<byte> input)
    {
        foreach (var profile in new[] { SrtpProfile.Aes128CmHmacSha1_80, SrtpProfile.AeadAes128Gcm })
        {
            var keys = new SrtpSessionKeys(
                new SrtpMasterKey(profile, new byte[profile.KeyLength], new byte[profile.SaltLength]));
            using var rtp = new SrtpInbound(keys);
            using var rtcp = new SrtcpInbound(keys);
            var result = rtp.TryUnprotect(input.ToArray(), out var length, out _);
            Promise.Check(result == SrtpUnprotectResult.Ok ? rtp.StreamCount == 1 : rtp.StreamCount == 0 && length == 0);
            Promise.Check(length <= input.Length);
            if (result == SrtpUnprotectResult.Ok)
            {
                Promise.Check(rtp.TryUnprotect(input.ToArray(), out _, out _) == SrtpUnprotectResult.Replayed);
            }

            result = rtcp.TryUnprotect(input.ToArray(), out length);
            Promise.Check(result == SrtpUnprotectResult.Ok ? rtcp.StreamCount == 1 : rtcp.StreamCount == 0 && length == 0);
            if (result == SrtpUnprotectResult.Ok)
            {
                Promise.Check(rtcp.TryUnprotect(input.ToArray(), out _) == SrtpUnprotectResult.Replayed);
            }
        }
    }
}
