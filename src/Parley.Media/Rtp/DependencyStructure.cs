namespace Parley.Media.Rtp;

/// <summary>
/// The template structure of one stream, which its dependency descriptors refer to (A.8.3 of the AV1 payload format): it comes with a
/// keyframe and holds until the next one brings another. Filled in place, so that packets allocate nothing.
/// </summary>
public sealed class DependencyStructure
{
    private const int MaxTemplates = 64;
    private const int MaxTargets = 32;
    private const int MaxSpatialLayers = 4;

    /// <summary>A.4: the frame does not belong to the decode target.</summary>
    private const ulong NotPresent = 0;

    /// <summary>A.4: whoever has this frame can decode the target from here on.</summary>
    private const ulong Switch = 2;

    private readonly byte[] _spatialIds = new byte[MaxTemplates];
    private readonly byte[] _temporalIds = new byte[MaxTemplates];

    /// <summary>For each template two bits for each decode target.</summary>
    private readonly ulong[] _indications = new ulong[MaxTemplates];

    /// <summary>The layer that each decode target reaches to.</summary>
    private readonly (byte SpatialId, byte TemporalId)[] _targets = new (byte, byte)[MaxTargets];

    private int _templates;
    private int _offset;

    /// <summary>Decode targets, 1 to 32; 0 as long as there is no structure.</summary>
    internal int Targets { get; private set; }

    /// <summary>The template of a descriptor; −1 when it names none.</summary>
    internal int Find(int templateId)
    {
        var index = (templateId + MaxTemplates - _offset) % MaxTemplates;
        return index < _templates ? index : -1;
    }

    internal byte SpatialId(int template) => _spatialIds[template];

    internal byte TemporalId(int template) => _temporalIds[template];

    internal ulong Indications(int template) => _indications[template];

    /// <summary>The highest temporal layer of a spatial one that a frame of these indications lets switch to; 0 when to none above it.</summary>
    internal byte FindSwitch(byte spatialId, ulong indications)
    {
        var highest = (byte)0;
        for (var target = 0; target < Targets; target++)
        {
            var layer = _targets[target];
            if (layer.SpatialId == spatialId && layer.TemporalId > highest && Indication(indications, target) == Switch) highest = layer.TemporalId;
        }

        return highest;
    }

    /// <summary>template_dependency_structure(). One that cannot be read ends the one before.</summary>
    internal bool TryRead(ref BitReader reader)
    {
        _templates = 0;
        _offset = (int)reader.Read(6);
        Targets = (int)reader.Read(5) + 1;
        if (!TryReadLayers(ref reader, out var templates)) return Fail();
        for (var i = 0; i < templates; i++) _indications[i] = ReadIndications(ref reader, Targets);
        for (var i = 0; i < templates; i++)
        {
            while (reader.ReadFlag()) reader.Read(4);
        }

        SkipChains(ref reader, templates);
        if (reader.ReadFlag())
        {
            // render_resolutions(): width and height of each spatial layer.
            for (var i = 0; i <= _spatialIds[templates - 1]; i++) reader.Read(32);
        }

        if (reader.IsPastEnd) return Fail();
        _templates = templates;
        FindTargets();
        return true;
    }

    /// <summary>template_dtis(), of one template, or frame_dtis().</summary>
    internal static ulong ReadIndications(ref BitReader reader, int targets)
    {
        var indications = 0ul;
        for (var i = 0; i < targets; i++) indications |= (ulong)reader.Read(2) << (i * 2);
        return indications;
    }

    /// <summary>template_layers(): next_layer_idc is the same layer, the next temporal one, the next spatial one, or the end.</summary>
    private bool TryReadLayers(ref BitReader reader, out int templates)
    {
        var (spatial, temporal) = (0, 0);
        for (templates = 0; templates < MaxTemplates && !reader.IsPastEnd;)
        {
            _spatialIds[templates] = (byte)spatial;
            _temporalIds[templates] = (byte)temporal;
            templates++;
            switch (reader.Read(2))
            {
                case 1:
                    temporal++;
                    break;
                case 2:
                    temporal = 0;
                    if (++spatial == MaxSpatialLayers) return false;
                    break;
                case 3:
                    return true;
            }
        }

        return false;
    }

    private void SkipChains(ref BitReader reader, int templates)
    {
        var chains = reader.ReadBelow((uint)Targets + 1);
        if (chains == 0) return;
        for (var i = 0; i < Targets; i++) reader.ReadBelow(chains);
        for (var i = 0; i < templates * chains; i++) reader.Read(4);
    }

    /// <summary>decode_target_layers(): a target's layer is the highest of what is present in it.</summary>
    private void FindTargets()
    {
        for (var target = 0; target < Targets; target++)
        {
            var (spatial, temporal) = ((byte)0, (byte)0);
            for (var i = 0; i < _templates; i++)
            {
                if (Indication(_indications[i], target) == NotPresent) continue;
                spatial = Math.Max(spatial, _spatialIds[i]);
                temporal = Math.Max(temporal, _temporalIds[i]);
            }

            _targets[target] = (spatial, temporal);
        }
    }

    private static ulong Indication(ulong indications, int target) => indications >> (target * 2) & 3;

    private bool Fail()
    {
        Targets = 0;
        return false;
    }
}
