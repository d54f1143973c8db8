namespace Parley.Media.Rtp;

/// <summary>Which local identifier each header extension has on one connection (RFC 8285 §5); 0 = not negotiated.</summary>
public sealed class RtpExtensionMap
{
    private readonly byte[] _ids = new byte[RtpExtensionUris.Count];

    /// <summary>The identifier of a type, 1–255, or 0 when it was not negotiated.</summary>
    public byte this[RtpExtensionType type]
    {
        get => _ids[(int)type];
        set => _ids[(int)type] = value;
    }

    /// <summary>The type of an identifier; false for one that was not negotiated.</summary>
    public bool TryGetType(byte id, out RtpExtensionType type)
    {
        var index = id == 0 ? -1 : _ids.AsSpan().IndexOf(id);
        type = (RtpExtensionType)Math.Max(index, 0);
        return index >= 0;
    }
}
