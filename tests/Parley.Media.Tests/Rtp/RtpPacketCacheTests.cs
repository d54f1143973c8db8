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
    public void What_is_disposed_finds_nothing_and_gives_all_its_pages_back_once()
    {
        var memory = new PacketPages();
        var cache = new RtpPacketCache(memory);
        for (var i = 0; i < 100; i++) cache.Store(i, new byte[1_000], Ms(i));
        Assert.Equal(13, memory.InUse);

        cache.Dispose();
        cache.Dispose();
        Assert.Equal((0, 13), (memory.InUse, memory.Unused));
        Assert.Throws<ObjectDisposedException>(() => cache.Store(101, [1], Ms(0)));
        Assert.False(cache.TryGet(99, Ms(99), out _));
    }

    [Fact]
    public void A_page_serves_again_when_all_in_it_is_too_old()
    {
        var memory = new PacketPages();
        using var cache = new RtpPacketCache(memory);
        for (var i = 0; i < 10_000; i++) cache.Store(i, new byte[1_000], Ms(i * 100));

        // 21 packets are young enough, eight lie in a page.
        Assert.InRange(memory.InUse, 3, 4);
        Assert.Equal(0, memory.Unused);
        Assert.True(cache.TryGet(9_979, Ms(999_900), out _));
    }

    [Fact]
    public void The_longest_packets_at_any_rate_are_all_kept_in_130_pages()
    {
        var memory = new PacketPages();
        using var cache = new RtpPacketCache(memory);
        for (var i = 0; i < 10_000; i++)
        {
            cache.Store(i, new byte[RtpPacketCache.MaxPacketLength], Ms(0));
            Assert.Equal(i >= RtpPacketCache.DefaultCapacity - 1, cache.TryGet((long)(i - RtpPacketCache.DefaultCapacity + 1), Ms(0), out _));
        }

        Assert.Equal(130, memory.InUse);
    }

    [Fact]
    public void Numbers_that_jump_past_each_other_take_no_more_pages_either()
    {
        var memory = new PacketPages();
        using var cache = new RtpPacketCache(memory);
        cache.Store(0, [1], Ms(0));
        for (var i = 1; i < 5_000; i++) cache.Store((i * (long)RtpPacketCache.DefaultCapacity) + 1, new byte[RtpPacketCache.MaxPacketLength], Ms(0));

        Assert.Equal(130, memory.InUse);
        Assert.False(cache.TryGet(0L, Ms(0), out _));
    }

    [Fact]
    public void Of_pages_that_come_back_no_more_are_kept_than_are_in_use_and_some()
    {
        var memory = new PacketPages();
        using var one = new RtpPacketCache(memory);
        var other = new RtpPacketCache(memory);
        for (var i = 0; i < 800; i++) other.Store(i, new byte[1_000], Ms(i));
        one.Store(0, new byte[1_000], Ms(0));
        other.Dispose();

        // Of a hundred: 66 had come back when 34 and the one were in use.
        Assert.Equal((1, 66), (memory.InUse, memory.Unused));
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
