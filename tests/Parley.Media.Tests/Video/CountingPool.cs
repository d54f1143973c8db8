using System.Buffers;

namespace Parley.Media.Tests.Video;

/// <summary>A pool that knows what was not given back.</summary>
internal sealed class CountingPool : ArrayPool<byte>
{
    private readonly HashSet<byte[]> _out = [];

    public int Missing => _out.Count;

    public long MissingBytes => _out.Sum(array => (long)array.Length);

    public override byte[] Rent(int minimumLength)
    {
        var array = new byte[minimumLength];
        _out.Add(array);
        return array;
    }

    public override void Return(byte[] array, bool clearArray = false) => Assert.True(_out.Remove(array));
}
