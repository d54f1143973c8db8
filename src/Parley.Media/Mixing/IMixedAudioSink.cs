namespace Parley.Media.Mixing;

/// <summary>Where a mixer's output goes: into the RTP stream of each listener. Called on the mixer thread, within Tick.</summary>
public interface IMixedAudioSink
{
    /// <summary>Every listener's 20 ms, once per tick.</summary>
    /// <param name="listener">For whom.</param>
    /// <param name="opusPayload">The packet, valid during the call, and perhaps that of other listeners too; empty when nothing was encoded.</param>
    /// <param name="timestampIncrement">By how much the RTP timestamp advances after this frame: 960.</param>
    /// <param name="isDtx">
    /// True: send nothing. The timestamp advances, the sequence number does not (RFC 7587 §4.1). The first packet that is
    /// sent after such frames begins a talk spurt and may bear the marker bit (RFC 3551 §4.1).
    /// </param>
    void OnMixedFrame(MixerParticipant listener, ReadOnlySpan<byte> opusPayload, uint timestampIncrement, bool isDtx);
}
