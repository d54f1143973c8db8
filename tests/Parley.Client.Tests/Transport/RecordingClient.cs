using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Parley.Client.Transport;
using Parley.Media;

namespace Parley.Client.Tests.Transport;

/// <summary>A client of a loop that writes down what happened to it, and does what a test tells it to.</summary>
internal sealed class RecordingClient : IMediaLoopClient
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly BlockingCollection<string> _log = [];
    private TimeSpan _deadline = TimeSpan.MaxValue;

    public Action<int, TransportAddress, byte[]>? Datagram { get; set; }

    public Action? BatchEnd { get; set; }

    public Action<TimeSpan>? Timer { get; set; }

    public MediaLoopRegistration Registration { get; set; } = null!;

    /// <summary>When each datagram came, as told.</summary>
    public ConcurrentQueue<TimeSpan> Arrivals { get; } = [];

    public Exception? Fault { get; private set; }

    public TimeSpan NextDeadline
    {
        get => _deadline;
        set => _deadline = value;
    }

    public static RecordingClient In(MediaLoop loop, bool isPunctual = false)
    {
        var client = new RecordingClient();
        client.Registration = loop.Register(client, isPunctual);
        return client;
    }

    public int Open(string address) => Registration.Open(new IPEndPoint(IPAddress.Parse(address), 0));

    public IPEndPoint Address(int local) => Registration.LocalAddress(local).ToEndPoint();

    /// <summary>The next thing that happened.</summary>
    public string Next() => _log.TryTake(out var entry, Limit) ? entry : throw new TimeoutException("Nothing happened.");

    public bool HasMore => _log.Count > 0;

    public void OnDatagram(int local, TransportAddress from, Span<byte> datagram, TimeSpan now)
    {
        Arrivals.Enqueue(now);
        _log.Add($"{local}:{Encoding.UTF8.GetString(datagram)}");
        Datagram?.Invoke(local, from, datagram.ToArray());
    }

    public void OnBatchEnd(TimeSpan now) => BatchEnd?.Invoke();

    public void OnTimer(TimeSpan now)
    {
        _log.Add("timer");
        if (_deadline <= now) _deadline = TimeSpan.MaxValue;
        Timer?.Invoke(now);
    }

    public void OnFault(Exception fault)
    {
        Fault = fault;
        _log.Add("fault");
    }
}
