using System.Diagnostics.CodeAnalysis;

namespace Parley.Media.Sdp;

/// <summary>The other side's ICE and DTLS: what the line that carries the transport says (RFC 9143 §7.3.1).</summary>
internal sealed record RemoteTransport(string IceUfrag, string IcePwd, Fingerprint Fingerprint, DtlsSetup Setup)
{
    /// <summary>Reads it from the tagged line of the <paramref name="description"/>, which is `offer` or `answer`.</summary>
    public static bool TryRead(
        MediaDescription tagged,
        string description,
        [NotNullWhen(true)] out RemoteTransport? transport,
        [NotNullWhen(false)] out SdpError? error)
    {
        transport = null;
        error = null;
        var strong = tagged.Fingerprints.FirstOrDefault(f => f.IsStrong);
        if (tagged.IceUfrag is null) error = Lacks("a=ice-ufrag.");
        else if (tagged.IcePwd is null) error = Lacks("a=ice-pwd.");
        else if (!tagged.RtcpMux) error = Lacks("a=rtcp-mux: RTP and RTCP must share one port.");
        else if (tagged.Fingerprints.Count == 0) error = Lacks("a=fingerprint.");
        else if (strong is null) error = new SdpError(tagged.Line, $"No a=fingerprint of the {description} is sha-256, sha-384 or sha-512.");
        else if (tagged.Setup is not { } setup) error = Lacks("a=setup.");
        else transport = new RemoteTransport(tagged.IceUfrag, tagged.IcePwd, strong, setup);
        return transport is not null;

        SdpError Lacks(string what) => new(tagged.Line, $"The {description} has no {what}");
    }

    /// <summary>Whether the credentials are others (RFC 8839 §4.4.1.1.1).</summary>
    public bool RestartsIce(RemoteTransport before) => IceUfrag != before.IceUfrag || IcePwd != before.IcePwd;

    /// <summary>Without the password: it must not reach a log by accident.</summary>
    public override string ToString() => $"RemoteTransport({IceUfrag})";
}
