namespace Parley.Media.Mixing;

/// <summary>One participant's ear: which encode of the mix they are sent.</summary>
internal sealed class AudioListener
{
    /// <summary>What they hear now.</summary>
    public required MixEncoding Encoding { get; set; }

    /// <summary>Whether it is theirs alone, without their own voice.</summary>
    public bool IsPrivate { get; set; }

    /// <summary>The class their encoding should be of.</summary>
    public LossClass Loss { get; private set; }

    /// <summary>Whom they want to hear louder or softer; null before there was anybody.</summary>
    public VoiceVolumes? Volumes { get; set; }

    /// <summary>For how many ticks they could as well hear another encoding.</summary>
    public int Waited { get; set; }

    /// <summary>For how many ticks the other one has been giving the same packets.</summary>
    public int InStep { get; set; }

    /// <summary>Ticks in which nothing was sent to them.</summary>
    public long FramesNotSent { get; set; }

    /// <summary>What they report to have lost, 0 … 100.</summary>
    public void ReportLoss(int percent) => Loss = Loss.At(percent);
}
