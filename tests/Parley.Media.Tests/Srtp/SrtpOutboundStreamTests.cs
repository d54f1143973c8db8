using Parley.Media.Srtp;
using static Parley.Media.Tests.Srtp.SrtpVectors;

namespace Parley.Media.Tests.Srtp;

public sealed class SrtpOutboundStreamTests
{
    [Theory]
    [MemberData(nameof(SrtpVectors.Profiles), MemberType = typeof(SrtpVectors))]
    public void A_retransmission_is_the_same_bytes(SrtpProfile profile)
    {
        using var stream = new SrtpOutboundStream(Keys(profile));
        var first = Protect(stream, RtpOf(1, 65535, 100), 65535);
        var later = Protect(stream, RtpOf(1, 0, 100), 65536);

        Assert.Equal(first, Protect(stream, RtpOf(1, 65535, 100), 65535));
        Assert.NotEqual(later[12..], Protect(stream, RtpOf(1, 0, 100), 0)[12..]);
    }

    [Theory]
    [MemberData(nameof(SrtpVectors.Profiles), MemberType = typeof(SrtpVectors))]
    public void Our_own_mistakes_are_refused(SrtpProfile profile)
    {
        using var stream = new SrtpOutboundStream(Keys(profile));
        var rtp = RtpOf(1, 5, 20);
        Assert.Throws<ArgumentException>(() => stream.Protect(rtp, rtp.Length, 5));

        var buffer = new byte[100];
        rtp.CopyTo(buffer, 0);
        Assert.Throws<ArgumentException>(() => stream.Protect(buffer, rtp.Length, 6));
        Assert.Throws<ArgumentException>(() => stream.Protect(buffer, rtp.Length, (1L << 48) + 5));
        Assert.Throws<ArgumentException>(() => stream.Protect(buffer, rtp.Length, -65531));
        Assert.Throws<ArgumentException>(() => stream.Protect(buffer, 11, 5));
        Assert.Equal(rtp, buffer[..rtp.Length]);
    }

    [Theory]
    [MemberData(nameof(SrtpVectors.Profiles), MemberType = typeof(SrtpVectors))]
    public void Protecting_and_unprotecting_allocate_nothing(SrtpProfile profile)
    {
        using var stream = new SrtpOutboundStream(Keys(profile));
        using var inbound = new SrtpInbound(Keys(profile));
        using var rtcpOutbound = new SrtcpOutbound(Keys(profile));
        using var rtcpInbound = new SrtcpInbound(Keys(profile));
        var buffer = new byte[1500];
        var index = 0L;
        var accepted = 0;
        void Pass(int times)
        {
            for (var i = 0; i < times; i++, index++)
            {
                buffer[0] = 0x80;
                buffer[2] = (byte)(index >> 8);
                buffer[3] = (byte)index;
                var length = stream.Protect(buffer, 1200, index);
                accepted += inbound.TryUnprotect(buffer.AsSpan(0, length), out _, out _) == SrtpUnprotectResult.Ok ? 1 : 0;
                length = rtcpOutbound.Protect(buffer, 100);
                accepted += rtcpInbound.TryUnprotect(buffer.AsSpan(0, length), out _) == SrtpUnprotectResult.Ok ? 1 : 0;
            }
        }

        Pass(200);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Pass(200);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(800, accepted);
    }

    [Theory]
    [MemberData(nameof(SrtpVectors.Profiles), MemberType = typeof(SrtpVectors))]
    public void Streams_of_one_session_may_run_on_different_threads(SrtpProfile profile)
    {
        var keys = Keys(profile);
        using var reference = new SrtpOutboundStream(keys);
        var expected = Protect(reference, RtpOf(9, 3, 500), 3);
        Parallel.For(0, 4, _ =>
        {
            using var stream = new SrtpOutboundStream(keys);
            for (var i = 0; i < 200; i++)
            {
                Assert.Equal(expected, Protect(stream, RtpOf(9, 3, 500), 3));
            }
        });
    }
}
