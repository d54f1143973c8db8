using static Parley.Media.Sdp.SdpGrammar;

namespace Parley.Media.Sdp;

/// <summary>The attributes of ICE and DTLS, which stand in the session or in an m= section.</summary>
internal sealed class TransportParser
{
    private const int MaximumFingerprints = 8;

    public string? IceUfrag { get; private set; }

    public string? IcePwd { get; private set; }

    public IReadOnlyList<string> IceOptions { get; private set; } = [];

    public List<Fingerprint> Fingerprints { get; } = [];

    public DtlsSetup? Setup { get; private set; }

    /// <summary>True when the attribute is one of these; <paramref name="message"/> is then null or says what is wrong.</summary>
    public bool TryAttribute(ReadOnlySpan<char> name, ReadOnlySpan<char> value, out string? message)
    {
        message = null;
        switch (name)
        {
            case "ice-ufrag":
                if (!IsIce(value, 4, 256)) message = "a=ice-ufrag is 4 to 256 letters, digits, + or /.";
                else if (IceUfrag is not null) message = "a=ice-ufrag is given twice.";
                else IceUfrag = value.ToString();
                return true;
            case "ice-pwd":
                if (!IsIce(value, 22, 256)) message = "a=ice-pwd is 22 to 256 letters, digits, + or /.";
                else if (IcePwd is not null) message = "a=ice-pwd is given twice.";
                else IcePwd = value.ToString();
                return true;
            case "ice-options":
                message = Options(value);
                return true;
            case "fingerprint":
                if (!Fingerprint.TryParse(value, out var fingerprint)) message = "a=fingerprint is not a hash of that algorithm's length.";
                else if (Fingerprints.Count == MaximumFingerprints) message = "There are too many a=fingerprint lines.";
                else if (!Fingerprints.Contains(fingerprint!)) Fingerprints.Add(fingerprint!);
                return true;
            case "setup":
                if (DtlsSetups.FromSdp(value) is not { } setup) message = "a=setup is actpass, active, passive or holdconn.";
                else if (Setup is not null) message = "a=setup is given twice.";
                else Setup = setup;
                return true;
            default:
                return false;
        }
    }

    private string? Options(ReadOnlySpan<char> value)
    {
        if (IceOptions.Count > 0) return "a=ice-options is given twice.";
        var options = new List<string>();
        while (!value.IsEmpty)
        {
            var option = Take(ref value, ' ');
            if (!IsToken(option) || options.Count == 16) return "a=ice-options is up to 16 words.";
            options.Add(option.ToString());
        }

        IceOptions = options;
        return null;
    }
}
