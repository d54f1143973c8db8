using System.Net;
using System.Net.NetworkInformation;

namespace Parley.Client.Transport;

/// <summary>Tells when this machine's addresses have become others, once they are settled.</summary>
internal sealed class NetworkWatch : IDisposable
{
    /// <summary>A change comes as several: an address goes, another comes, a route with it.</summary>
    private static readonly TimeSpan Settles = TimeSpan.FromMilliseconds(500);

    private readonly ITimer _timer;
    private IReadOnlyList<IPAddress> _known = LocalAddresses.List(loopback: true);

    /// <param name="time">The clock.</param>
    public NetworkWatch(TimeProvider time)
    {
        _timer = time.CreateTimer(_ => Look(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        NetworkChange.NetworkAddressChanged += OnAddressChanged;
    }

    /// <summary>The addresses are others. From any thread.</summary>
    public event Action? Changed;

    /// <inheritdoc/>
    public void Dispose()
    {
        NetworkChange.NetworkAddressChanged -= OnAddressChanged;
        _timer.Dispose();
    }

    private void OnAddressChanged(object? sender, EventArgs e) => _timer.Change(Settles, Timeout.InfiniteTimeSpan);

    private void Look()
    {
        IReadOnlyList<IPAddress> now;
        try
        {
            now = LocalAddresses.List(loopback: true);
        }
        catch (NetworkInformationException)
        {
            // In the middle of a change; the next one comes.
            return;
        }

        if (now.ToHashSet().SetEquals(_known)) return;
        _known = now;
        Changed?.Invoke();
    }
}
