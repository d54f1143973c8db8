namespace Parley.Media.Mixing;

/// <summary>
/// The encodes of one mixer, and who passes from which to which. Those who are silent share one for each class of loss; who is heard has
/// one without their own voice. No decoder can tell a passage:
/// <list type="bullet">
/// <item>Up to the tick in which a voice comes in, both mixes are the same: the private encode begins as a copy of the shared one.</item>
/// <item>Once a voice is out, both encoders are given the same, and fall into step in the next pause: when they have given the same
/// packets for a while, the listener goes over.</item>
/// <item>Who is the only one to hear an encoding, and goes where there is none yet, takes it along.</item>
/// </list>
/// </summary>
internal sealed class MixEncodings(OpusEncoderOptions options) : IDisposable
{
    /// <summary>How long a voice is out before its encode is given up: 2.5 s, more than a pause between two sentences.</summary>
    internal const int HoldFrames = 125;

    /// <summary>So many packets alike, and the decoders' states are.</summary>
    internal const int InStepFrames = 4;

    /// <summary>
    /// Where there is no pause, as in music, the passage is made after 30 s all the same: what it may change is the codec's noise, under
    /// music.
    /// </summary>
    internal const int PatienceFrames = 1_500;

    /// <summary>Encoders kept for the next who speak.</summary>
    private const int MostFree = 4;

    private readonly MixEncoding?[] _shared = new MixEncoding?[LossClasses.Count];
    private readonly Stack<MixEncoding> _free = new(MostFree);

    /// <summary>Those that many may hear; null where nobody does.</summary>
    public ReadOnlySpan<MixEncoding?> Shared => _shared;

    /// <summary>Someone begins to listen.</summary>
    public AudioListener Add()
    {
        var encoding = _shared[(int)LossClass.None] ??= new MixEncoding(options) { Loss = LossClass.None };
        encoding.Listeners++;
        return new AudioListener { Encoding = encoding };
    }

    /// <summary>Someone listens no more.</summary>
    public void Remove(AudioListener listener)
    {
        if (--listener.Encoding.Listeners > 0) return;
        if (!listener.IsPrivate) _shared[(int)listener.Encoding.Loss] = null;
        Return(listener.Encoding);
    }

    /// <summary>Before a tick is encoded: passes a listener over to the encoding that is theirs in it.</summary>
    /// <param name="listener">Who.</param>
    /// <param name="isHeard">Whether their own voice is in the sum.</param>
    /// <param name="isQuiet">Whether a step would not be heard in what the others say.</param>
    public void Follow(AudioListener listener, bool isHeard, bool isQuiet)
    {
        var isElsewhere = listener.Encoding.Loss != listener.Loss;
        if (isHeard)
        {
            listener.Waited = 0;
            if (!listener.IsPrivate) Detach(listener);
        }
        else if (listener.IsPrivate)
        {
            listener.Waited++;
            if (listener.Waited >= HoldFrames) Share(listener, listener.InStep >= InStepFrames || listener.Waited >= PatienceFrames);
        }
        else if (isElsewhere)
        {
            // Encodes with and without FEC do not fall into step, and who loses packets needs it soon.
            listener.Waited++;
            Share(listener, isQuiet || listener.Waited >= HoldFrames);
        }

        if (isElsewhere && listener.IsPrivate) listener.Encoding.Loss = listener.Loss;
    }

    /// <summary>After a tick was encoded: whether a listener's private encode is in step with that of who is silent.</summary>
    public void Compare(AudioListener listener)
    {
        var isAlike = listener.Waited > 0 && _shared[(int)listener.Loss] is { } shared && shared.Packet.SequenceEqual(listener.Encoding.Packet);
        listener.InStep = isAlike ? listener.InStep + 1 : 0;
    }

    /// <summary>After the last listener: frees what is kept for the next.</summary>
    public void Dispose()
    {
        foreach (var encoding in _free) encoding.Dispose();
    }

    /// <summary>Goes over to what is shared by those of one class, where it exists and this is the moment.</summary>
    private void Share(AudioListener listener, bool isTime)
    {
        ref var shared = ref _shared[(int)listener.Loss];
        if (shared is null)
        {
            if (!listener.IsPrivate) Detach(listener);
            shared = listener.Encoding;
            shared.Loss = listener.Loss;
        }
        else if (isTime)
        {
            Remove(listener);
            shared.Listeners++;
            listener.Encoding = shared;
        }
        else
        {
            return;
        }

        listener.IsPrivate = false;
        listener.Waited = 0;
    }

    /// <summary>Gives a listener an encoding of their own that goes on as what they hear would.</summary>
    private void Detach(AudioListener listener)
    {
        var shared = listener.Encoding;
        if (shared.Listeners == 1)
        {
            _shared[(int)shared.Loss] = null;
        }
        else
        {
            shared.Listeners--;
            listener.Encoding = _free.TryPop(out var free) ? free : new MixEncoding(options);
            listener.Encoding.CopyFrom(shared);
            listener.Encoding.Listeners = 1;
        }

        listener.IsPrivate = true;
        listener.InStep = 0;
    }

    private void Return(MixEncoding encoding)
    {
        if (_free.Count < MostFree) _free.Push(encoding);
        else encoding.Dispose();
    }
}
