using Parley.Client.Transport;
using Parley.Media.Dtls;
using Parley.Media.Rtcp;

namespace Parley.Client.Media;

/// <summary>
/// What the media connections of one <see cref="ParleyServer"/> share: a thread for packets, threads for handshakes, a certificate.
/// It ends when its maker and every connection have let go of it.
/// </summary>
internal sealed class MediaHost
{
    private static readonly TimeSpan CertificateValidity = TimeSpan.FromDays(30);

    private readonly Lazy<NetworkWatch> _network;
    private int _holders = 1;

    /// <param name="time">The clock.</param>
    /// <param name="options">How sockets are held; for one connection when null.</param>
    public MediaHost(TimeProvider time, MediaLoopOptions? options = null)
    {
        Loop = new MediaLoop("parley media", time, options);
        Dtls = new DtlsWorker();
        _network = new Lazy<NetworkWatch>(() => new NetworkWatch(time));
        Identity = DtlsIdentity.Create(time.GetUtcNow(), CertificateValidity);
        Origin = NtpTime.From(time.GetUtcNow()).Add(-Loop.Now);
    }

    /// <summary>Drives sockets and timers.</summary>
    public MediaLoop Loop { get; }

    /// <summary>Runs the blocking handshakes.</summary>
    public DtlsWorker Dtls { get; }

    /// <summary>Watches this machine's addresses, once somebody asks.</summary>
    public NetworkWatch Network => _network.Value;

    /// <summary>One certificate for all: it says nothing about anyone.</summary>
    public DtlsIdentity Identity { get; }

    /// <summary>The wall clock at the loop's zero.</summary>
    public NtpTime Origin { get; }

    /// <summary>One more holds it.</summary>
    /// <exception cref="ObjectDisposedException">It has ended.</exception>
    public void Hold()
    {
        int holders;
        do
        {
            holders = Volatile.Read(ref _holders);
            ObjectDisposedException.ThrowIf(holders == 0, this);
        }
        while (Interlocked.CompareExchange(ref _holders, holders + 1, holders) != holders);
    }

    /// <summary>One less holds it; the last ends it.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _holders) > 0) return;
        if (_network.IsValueCreated) _network.Value.Dispose();
        Dtls.Dispose();
        Loop.Dispose();
        Identity.Dispose();
    }
}
