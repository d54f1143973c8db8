using System.Runtime.InteropServices;

namespace Parley.Sockets;

/// <summary>The control messages that came with a datagram (cmsg(3)): each a length, a level, a type, and data; aligned to a word.</summary>
internal ref struct ControlMessageReader(ReadOnlySpan<byte> control)
{
    private static readonly int HeaderLength = nint.Size + (2 * sizeof(int));

    private ReadOnlySpan<byte> _left = control;

    /// <summary>Reads the next; false when there is none, or its length is not one.</summary>
    public bool TryRead(out int level, out int type, out ReadOnlySpan<byte> data)
    {
        (level, type) = (0, 0);
        data = default;
        if (_left.Length < HeaderLength) return false;
        var length = MemoryMarshal.Read<nint>(_left);
        if (length < HeaderLength || length > _left.Length) return false;
        level = MemoryMarshal.Read<int>(_left[nint.Size..]);
        type = MemoryMarshal.Read<int>(_left[(nint.Size + sizeof(int))..]);
        data = _left[HeaderLength..(int)length];
        _left = _left[Math.Min(_left.Length, ((int)length + nint.Size - 1) & -nint.Size)..];
        return true;
    }
}
