using System.Text;
using Parley.Media;
using Parley.Media.Dtls;
using Parley.Media.Ice;
using Parley.Media.Sdp;
using Parley.Media.Srtp;

namespace Parley.Client.Rtc;

/// <summary>
/// One end of a WebRTC connection: ICE, DTLS-SRTP, RTP and RTCP put together, without sockets, threads or clock. Bytes and
/// `now` go in; datagrams and events come out. Speaks with a Parley server as with any other peer. Media thread only.
/// </summary>
internal sealed partial class RtcPeer : IIceSink, IDisposable
{
    private readonly RtcPeerOptions _options;
    private readonly IIceSink _output;
    private readonly IRtcPeerEvents _events;
    private readonly SdpEndpoint _sdp;
    private readonly Fingerprint _fingerprint;
    private IceCredentials _credentials;
    private SdpSession? _session;
    private int _iceVersion;
    private bool _handshakeDue;
    private TimeSpan _now;

    /// <param name="options">What it is made of.</param>
    /// <param name="output">Takes datagrams: the local number is a socket's.</param>
    /// <param name="events">Is told what happens.</param>
    /// <param name="now">The present.</param>
    public RtcPeer(RtcPeerOptions options, IIceSink output, IRtcPeerEvents events, TimeSpan now)
    {
        _options = options;
        _output = output;
        _events = events;
        _now = now;
        _credentials = IceCredentials.Create(options.Random);
        Ice = new IceAgent(options.Role, _credentials, this, options.Random, now, options.Ice);
        var cname = NewCname(options.Random);
        _cname = Encoding.ASCII.GetBytes(cname);
        _fingerprint = Fingerprint.TryParse(options.Identity.Fingerprint.ToSdpValue(), out var own) ? own! : throw new InvalidOperationException("Our own fingerprint.");
        _sdp = new SdpEndpoint(options.Policy, options.Random, cname);
        _nextReport = now + ReportInterval;
    }

    /// <summary>The agent.</summary>
    public IceAgent Ice { get; }

    /// <summary>Where the connection stands.</summary>
    public RtcPeerState State { get; private set; }

    /// <summary>What offer and answer settled last; null before.</summary>
    public SdpSession? Session => _session;

    /// <summary>Our ICE user name fragment of this generation.</summary>
    public string LocalUfrag => _credentials.Ufrag;

    /// <summary>When <see cref="HandleTimeout"/> is due.</summary>
    public TimeSpan NextDeadline => State is RtcPeerState.Failed or RtcPeerState.Closed
        ? TimeSpan.MaxValue
        : Min(Min(Ice.NextDeadline, GatheringDeadline), MediaDeadline);

    internal RandomSource Random => _options.Random;

    /// <summary>Makes an offer; the candidates known so far are in it.</summary>
    /// <param name="lines">The m-lines in order; a later offer repeats those of the one before.</param>
    /// <param name="restartIce">New credentials: RFC 8445 §9.</param>
    /// <param name="now">The present.</param>
    public string CreateOffer(IReadOnlyList<SdpLine> lines, bool restartIce, TimeSpan now)
    {
        _now = now;
        if (restartIce) Restart(IceCredentials.Create(_options.Random), now);
        return _sdp.CreateOffer(Local(lines, _credentials));
    }

    /// <summary>Takes the answer to our offer.</summary>
    /// <returns>Null, or in a sentence why it cannot be taken; then nothing has changed.</returns>
    public string? ApplyAnswer(string sdp, TimeSpan now)
    {
        _now = now;
        if (!_sdp.TryApplyAnswer(sdp, out var session, out var error)) return error!.ToString();
        return Apply(session!, now);
    }

    /// <summary>Answers the peer's offer; one that restarts ICE restarts it here too (RFC 8839 §4.4.1.1.1).</summary>
    /// <returns>The answer, or null and why not.</returns>
    public (string? Answer, string? Error) Answer(string offer, IReadOnlyList<SdpLine> lines, TimeSpan now)
    {
        _now = now;
        var restarted = _sdp.IsIceRestart(offer) ? IceCredentials.Create(_options.Random) : null;
        if (!_sdp.TryAnswer(offer, Local(lines, restarted ?? _credentials), out var answer, out var session, out var error)) return (null, error!.ToString());
        if (restarted is not null) Restart(restarted, now);
        return Apply(session!, now) is { } refused ? (null, refused) : (answer, null);
    }

    /// <summary>Takes a candidate that came apart from the SDP (RFC 8838); what we cannot use is ignored.</summary>
    public void AddRemoteCandidate(string value, TimeSpan now)
    {
        _now = now;
        if (IceCandidate.TryParse(value, out var candidate)) Ice.AddRemote(candidate, now);
    }

    /// <summary>The peer has said that no more candidates come (RFC 8838 §14).</summary>
    public void EndOfRemoteCandidates(TimeSpan now)
    {
        _now = now;
        if (State is RtcPeerState.Failed or RtcPeerState.Closed) return;
        Ice.EndOfRemoteCandidates(now);
        AfterIce();
    }

    /// <summary>Takes a datagram that came to a socket. The bytes are changed: SRTP is opened in place.</summary>
    public void HandleDatagram(int local, TransportAddress from, Span<byte> datagram, TimeSpan now)
    {
        _now = now;
        if (State is RtcPeerState.Failed or RtcPeerState.Closed || TakeFromServer(local, from, datagram, now)) return;
        Take(local, from, datagram, now);
    }

    /// <summary>Does what is due.</summary>
    public void HandleTimeout(TimeSpan now)
    {
        _now = now;
        if (State is RtcPeerState.Failed or RtcPeerState.Closed) return;
        _gatherer?.HandleTimeout(now);
        Ice.HandleTimeout(now);
        AfterIce();
        if (State is RtcPeerState.Failed or RtcPeerState.Closed) return;
        HandleMediaTimeout(now);
    }

    /// <summary>Sends a datagram of the handshake over the selected path.</summary>
    public void SendDtls(ReadOnlySpan<byte> datagram, TimeSpan now)
    {
        _now = now;
        SendProtected(datagram);
    }

    /// <summary>The handshake is done: media flows from now on.</summary>
    public void SetKeys(SrtpKeyingMaterial keys, DtlsRole role, TimeSpan now)
    {
        _now = now;
        if (State is RtcPeerState.Failed or RtcPeerState.Closed || HasKeys) return;
        OpenMedia(
            new SrtpSessionKeys(role == DtlsRole.Client ? keys.Server : keys.Client),
            new SrtpSessionKeys(role == DtlsRole.Client ? keys.Client : keys.Server));
        UpdateState("the handshake is done");
    }

    /// <summary>The handshake has failed, or the peer has ended the association: there is no other way.</summary>
    public void OnDtlsFailed(string reason) => Transition(RtcPeerState.Failed, reason);

    /// <summary>Ends it: says BYE and lets go of everything.</summary>
    public void Close(TimeSpan now)
    {
        _now = now;
        if (State == RtcPeerState.Closed) return;
        if (State == RtcPeerState.Connected) SendBye();
        _gatherer?.Close(now);
        Ice.Close();
        Transition(RtcPeerState.Closed, "closed");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Close(_now);
        DisposeMedia();
    }

    /// <summary>96 random bits for each connection, so that nobody is followed from one to the next (RFC 7022 §4.2).</summary>
    private static string NewCname(RandomSource random)
    {
        Span<byte> bytes = stackalloc byte[12];
        random.Fill(bytes);
        return Convert.ToBase64String(bytes);
    }

    private void Restart(IceCredentials credentials, TimeSpan now)
    {
        _credentials = credentials;
        Ice.Restart(credentials, now);
    }

    private SdpLocal Local(IReadOnlyList<SdpLine> lines, IceCredentials credentials) => new()
    {
        Ice = credentials,
        Fingerprint = _fingerprint,
        Candidates = [.. Ice.LocalCandidates.Select(candidate => candidate.ToSdpValue())],
        EndOfCandidates = _gathered,
        Lines = lines,
    };

    private string? Apply(SdpSession session, TimeSpan now)
    {
        if (!DtlsFingerprint.TryParse(session.RemoteFingerprint.ToString(), out _))
        {
            return "The peer's a=fingerprint is of no kind we can check.";
        }

        if (!IceCredentials.IsValid(session.RemoteIceUfrag, session.RemoteIcePwd)) return "The peer's ICE credentials are not of the form of RFC 8839.";
        _session = session;
        Ice.SetRemote(new IceCredentials(session.RemoteIceUfrag, session.RemoteIcePwd), session.RemoteIsLite);
        foreach (var value in session.RemoteCandidates)
        {
            if (IceCandidate.TryParse(value, out var candidate)) Ice.AddRemote(candidate, now);
        }

        if (session.EndOfCandidates) Ice.EndOfRemoteCandidates(now);
        ApplyMedia(session);
        UpdateState("offer and answer are exchanged");
        return null;
    }

    private void Take(int local, TransportAddress from, Span<byte> datagram, TimeSpan now)
    {
        switch (Datagrams.Classify(datagram))
        {
            case DatagramKind.Stun:
                Ice.HandleStun(local, from, datagram, now);
                AfterIce();
                break;
            case DatagramKind.Dtls when Ice.IsConsented(local, from):
                OfferHandshake();
                _events.OnDtls(datagram);
                break;
            case DatagramKind.RtpOrRtcp when HasKeys && Ice.IsConsented(local, from):
                HandleMedia(datagram, now);
                break;
            default:
                Counters.Dropped++;
                break;
        }
    }

    private void OfferHandshake()
    {
        if (_handshakeDue || _session is null || Ice.Selected is null) return;
        if (!DtlsFingerprint.TryParse(_session.RemoteFingerprint.ToString(), out var fingerprint)) return;
        _handshakeDue = true;
        _events.OnHandshakeDue(_session.OurRole == DtlsSetup.Active ? DtlsRole.Client : DtlsRole.Server, fingerprint);
    }

    /// <summary>Looks at what the agent has become; cheap when nothing has changed.</summary>
    private void AfterIce()
    {
        if (_iceVersion == Ice.Version) return;
        _iceVersion = Ice.Version;
        UpdateState(ReasonOf(Ice.StateReason));
    }

    private static string ReasonOf(IceAgentStateReason reason) => reason switch
    {
        IceAgentStateReason.AllPairsFailed or IceAgentStateReason.NeverConnected =>
            "No way to the other side was found: UDP may be blocked on the way.",
        IceAgentStateReason.ConsentExpired or IceAgentStateReason.ConsentLate => "The other side has stopped answering.",
        IceAgentStateReason.LocalRemoved => "The network is gone.",
        _ => "",
    };

    private void UpdateState(string reason)
    {
        if (State is RtcPeerState.Failed or RtcPeerState.Closed) return;
        OfferHandshake();
        var next = Ice.State switch
        {
            IceAgentState.Failed => RtcPeerState.Failed,
            IceAgentState.Closed => RtcPeerState.Closed,
            IceAgentState.Disconnected => RtcPeerState.Disconnected,
            IceAgentState.Connected when HasKeys => RtcPeerState.Connected,
            _ => _session is null ? RtcPeerState.New : RtcPeerState.Connecting,
        };
        Transition(next, reason);
    }

    /// <summary>The one place where the state changes.</summary>
    private void Transition(RtcPeerState next, string reason)
    {
        if (State == next || State is RtcPeerState.Closed || (State == RtcPeerState.Failed && next != RtcPeerState.Closed)) return;
        State = next;
        _events.OnStateChanged(next, reason);
    }

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
