using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Parley.Server.Signalling;

/// <summary>
/// One rate limit for each client address: an IPv4 address, or an IPv6 network of 64 bits, which is what one household is given.
/// The table is bounded; when it is full of busy addresses, all further ones share one bucket.
/// </summary>
internal sealed class AddressRates(RateOptions rate, TimeProvider time)
{
    private const int Capacity = 10_000;

    private readonly ConcurrentDictionary<IPAddress, TokenBucket> _buckets = [];
    private readonly TokenBucket _others = new(rate, time);
    private int _sweeping;

    public TokenBucket For(IPAddress? address)
    {
        var key = Key(address);
        if (_buckets.TryGetValue(key, out var bucket)) return bucket;
        if (_buckets.Count >= Capacity) Sweep();
        return _buckets.Count >= Capacity ? _others : _buckets.GetOrAdd(key, _ => new TokenBucket(rate, time));
    }

    private static IPAddress Key(IPAddress? address)
    {
        if (address is null) return IPAddress.None;
        if (address.IsIPv4MappedToIPv6) return address.MapToIPv4();
        if (address.AddressFamily != AddressFamily.InterNetworkV6) return address;
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        bytes[8..].Clear();
        return new IPAddress(bytes);
    }

    private void Sweep()
    {
        if (Interlocked.Exchange(ref _sweeping, 1) == 1) return;
        foreach (var (key, bucket) in _buckets)
        {
            if (bucket.IsFull) _buckets.TryRemove(key, out _);
        }

        Volatile.Write(ref _sweeping, 0);
    }
}
