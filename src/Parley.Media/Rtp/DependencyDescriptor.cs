namespace Parley.Media.Rtp;

/// <summary>
/// One packet's dependency descriptor, the header extension of "RTP Payload Format For AV1", appendix A, as far as a forwarder needs
/// it: where a frame begins and ends, its layer, and to which it lets switch. It serves other codecs too.
/// </summary>
public readonly record struct DependencyDescriptor
{
    /// <summary>Bytes of the mandatory fields; what is longer is extended.</summary>
    private const int MandatoryLength = 3;

    /// <summary>The packet is the first of its frame.</summary>
    public bool StartsFrame { get; private init; }

    /// <summary>The packet is the last of its frame.</summary>
    public bool EndsFrame { get; private init; }

    /// <summary>The frame's spatial layer, 0–3.</summary>
    public byte SpatialId { get; private init; }

    /// <summary>The frame's temporal layer.</summary>
    public byte TemporalId { get; private init; }

    /// <summary>The highest temporal layer that may be followed from this frame on; 0 when none but the lowest.</summary>
    public byte SwitchUpTo { get; private init; }

    /// <summary>
    /// Reads the extension's value, and the structure it may bring into <paramref name="structure"/>. False when it ends too early, or
    /// names a template that the stream's structure does not have.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> value, DependencyStructure structure, out DependencyDescriptor descriptor)
    {
        descriptor = default;
        var reader = new BitReader(value);
        var startsFrame = reader.ReadFlag();
        var endsFrame = reader.ReadFlag();
        var templateId = (int)reader.Read(6);
        reader.Read(16); // frame_number
        if (reader.IsPastEnd) return false;

        var hasOwnIndications = false;
        if (value.Length > MandatoryLength)
        {
            var hasStructure = reader.ReadFlag();
            var hasActiveTargets = reader.ReadFlag();
            hasOwnIndications = reader.ReadFlag();
            reader.Read(2); // custom_fdiffs_flag, custom_chains_flag: both come behind what is read here
            if (hasStructure && !structure.TryRead(ref reader)) return false;
            if (hasActiveTargets) reader.Read(structure.Targets);
        }

        var template = structure.Find(templateId);
        if (template < 0) return false;
        var indications = hasOwnIndications ? DependencyStructure.ReadIndications(ref reader, structure.Targets) : structure.Indications(template);
        if (reader.IsPastEnd) return false;
        descriptor = new DependencyDescriptor
        {
            StartsFrame = startsFrame,
            EndsFrame = endsFrame,
            SpatialId = structure.SpatialId(template),
            TemporalId = structure.TemporalId(template),
            SwitchUpTo = structure.FindSwitch(structure.SpatialId(template), indications),
        };
        return true;
    }
}
