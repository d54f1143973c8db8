namespace Parley.Media.Sdp;

/// <summary>Who starts the DTLS handshake (a=setup, RFC 8842 §5.3, values of RFC 4145 §4).</summary>
public enum DtlsSetup
{
    /// <summary>The offerer takes either role.</summary>
    ActPass,

    /// <summary>The writer sends the ClientHello.</summary>
    Active,

    /// <summary>The writer waits for the ClientHello.</summary>
    Passive,

    /// <summary>No handshake for now.</summary>
    HoldConn,
}

internal static class DtlsSetups
{
    internal static string ToSdp(this DtlsSetup setup) => setup switch
    {
        DtlsSetup.ActPass => "actpass",
        DtlsSetup.Active => "active",
        DtlsSetup.Passive => "passive",
        _ => "holdconn",
    };

    internal static DtlsSetup? FromSdp(ReadOnlySpan<char> word) => word switch
    {
        "actpass" => DtlsSetup.ActPass,
        "active" => DtlsSetup.Active,
        "passive" => DtlsSetup.Passive,
        "holdconn" => DtlsSetup.HoldConn,
        _ => null,
    };
}
