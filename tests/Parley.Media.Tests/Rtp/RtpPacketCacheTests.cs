using CsCheck;
using Parley.Media.Rtp;

namespace Parley.Media.Tests.Rtp;

public sealed class RtpPacketCacheTests
{
    private static TimeSpan Ms(double milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    [Fact]
    public void Finds_a_packet_by_its_sixteen_bits()
    {
        using var cache = new RtpPacketCache();
        Assert.False(cache.TryGet(0, Ms(0), out _));
        Assert.True(cache.Store(65535, [1, 2, 3], Ms(0)));
        Assert.True(cache.Store(65536, [4], Ms(0)));

        Assert.True(cache.TryGet(65535, Ms(0), out var packet));
        Assert.Equal([1, 2, 3], packet.ToArray());
        Assert.True(cache.TryGet(0, Ms(0), out packet));
        Assert.Equal([4], packet.ToArray());
        Assert.False(cache.TryGet(1, Ms(0), out _));
    }

    [Fact]
    public void Forgets_by_age()
    {
        using var cache = new RtpPacketCache(16, Ms(2000));
        cache.Store(1, [1], Ms(0));

        Assert.True(cache.TryGet(1, Ms(2000), out _));
        Assert.False(cache.TryGet(1, Ms(2001), out _));
    }

    [Fact]
    public void A_very_late_packet_does_not_replace_a_newer_one()
    {
        using var cache = new RtpPacketCache(16, Ms(2000));
        cache.Store(100, [1], Ms(0));

        Assert.False(cache.Store(84, [2], Ms(1)));
        Assert.True(cache.Store(85, [3], Ms(1)));
        Assert.True(cache.TryGet(100, Ms(1), out var packet));
        Assert.Equal([1], packet.ToArray());
        Assert.False(cache.TryGet(84, Ms(1), out _));
    }

    [Fact]
    public void Refuses_a_packet_longer_than_any_path_carries()
    {
        using var cache = new RtpPacketCache();

        Assert.False(cache.Store(1, new byte[RtpPacketCache.MaxPacketLength + 1], Ms(0)));
        Assert.False(cache.TryGet(1, Ms(0), out _));
        Assert.True(cache.Store(1, new byte[RtpPacketCache.MaxPacketLength], Ms(0)));
    }

    [Fact]
    public void Clearing_forgets_all_and_disposing_twice_is_harmless()
    {
        var cache = new RtpPacketCache();
        cache.Store(70_000, [1], Ms(0));
        cache.Clear();
        Assert.False(cache.TryGet((ushort)(70_000 & 0xFFFF), Ms(0), out _));
        Assert.True(cache.Store(5, [2], Ms(0)));
        Assert.True(cache.TryGet(5, Ms(0), out _));

        cache.Dispose();
        cache.Dispose();
        Assert.Throws<ObjectDisposedException>(() => cache.Store(1, [1], Ms(0)));
        Assert.False(cache.TryGet(5, Ms(0), out _));
    }

    [Fact]
    public void Holds_what_a_dictionary_of_the_last_packets_holds()
    {
        const int Capacity = 32;
        Gen.Select(Gen.UShort, Gen.Select(Gen.Int[1, 4], Gen.Int[0, 40], Gen.Byte.Array[1, 600]).Array[1, 120]).Sample((first, steps) =>
        {
            using var cache = new RtpPacketCache(Capacity, Ms(100));
            var model = new Dictionary<long, (byte[] Bytes, TimeSpan At)>();
            var highest = 65536L + first;
            var now = TimeSpan.Zero;
            foreach (var (ahead, late, bytes) in steps)
            {
                highest += ahead;
                now += Ms(5);
                foreach (var sequence in new[] { highest, highest - late })
                {
                    // A slot is free for a packet unless one a multiple of the capacity newer has it.
                    var rivals = model.Keys.Where(k => (k - sequence) % Capacity == 0).ToList();
                    Assert.Equal(rivals.All(k => k <= sequence), cache.Store(sequence, bytes, now));
                    if (rivals.All(k => k <= sequence))
                    {
                        rivals.ForEach(k => model.Remove(k));
                        model[sequence] = (bytes, now);
                    }
                }

                for (var sequence = highest - 80; sequence <= highest + 5; sequence++)
                {
                    var isKept = model.TryGetValue(sequence, out var kept) && now - kept.At <= Ms(100);
                    Assert.Equal(isKept, cache.TryGet((ushort)sequence, now, out var packet));
                    Assert.True(!isKept || packet.SequenceEqual(kept.Bytes));
                }
            }
        });
    }
}
