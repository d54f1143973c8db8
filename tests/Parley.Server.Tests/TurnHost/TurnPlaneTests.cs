using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Parley.Media;
using Parley.Media.Turn;
using Parley.Server.Api;
using Parley.Server.TurnHost;

namespace Parley.Server.Tests.TurnHost;

public sealed class TurnPlaneTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Names_its_urls_for_the_host_that_the_client_knows()
    {
        using var stage = await new TurnStage(tls: true).StartAsync();
        var (port, tls) = (stage.Plane.Port, stage.Plane.TlsPort);
        var servers = stage.Plane.For("ada", "meet.example.org");
        Assert.Equal([$"stun:meet.example.org:{port}"], servers[0].Urls);
        Assert.Equal((null, null), (servers[0].Username, servers[0].Credential));
        Assert.Equal(
            [$"turn:meet.example.org:{port}?transport=udp", $"turn:meet.example.org:{port}?transport=tcp", $"turns:meet.example.org:{tls}?transport=tcp"],
            servers[1].Urls);
        Assert.EndsWith(":ada", servers[1].Username, StringComparison.Ordinal);
        Assert.Equal($"stun:[2001:db8::1]:{port}", stage.Plane.StunOnly("2001:db8::1")[0].Urls[0]);
        Assert.Equal($"stun:[2001:db8::1]:{port}", stage.Plane.StunOnly("[2001:db8::1]")[0].Urls[0]);
        Assert.Equal($"stun:192.0.2.1:{port}", stage.Plane.StunOnly("192.0.2.1")[0].Urls[0]);
    }

    [Fact]
    public async Task Without_a_certificate_there_is_no_tls()
    {
        using var stage = await new TurnStage().StartAsync();
        Assert.Equal(0, stage.Plane.TlsPort);
        Assert.DoesNotContain(stage.Server.Urls, url => url.StartsWith("turns:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Switched_off_it_gives_no_urls_and_takes_no_port()
    {
        using var stage = await new TurnStage(options => options.Turn.Enabled = false).StartAsync();
        Assert.Equal(0, stage.Plane.Port);
        Assert.Empty(stage.Plane.For("ada", "example.org"));
        Assert.Empty(stage.Plane.StunOnly("example.org"));
    }

    [Fact]
    public async Task It_may_be_stopped_and_disposed_of_again_and_again()
    {
        using var stage = await new TurnStage(tls: true).StartAsync();
        await stage.Plane.StopAsync(Cancellation);
        await stage.Plane.StopAsync(Cancellation);
        stage.Plane.Dispose();
        Assert.Equal(0, stage.Plane.Port);
        Assert.Empty(stage.Plane.For("ada", "example.org"));
    }

    [Fact]
    public async Task A_port_in_use_is_named_in_one_sentence_and_nothing_stays_open()
    {
        using var udp = new UdpClient(new IPEndPoint(IPAddress.Any, 0));
        using var tcp = new TcpListener(IPAddress.Any, 0);
        tcp.Start();
        var (udpPort, tcpPort) = (((IPEndPoint)udp.Client.LocalEndPoint!).Port, ((IPEndPoint)tcp.LocalEndpoint).Port);
        foreach (var (change, part) in new (Action<ParleyOptions>, string)[]
        {
            (options => options.Turn.Port = udpPort, $"Parley:Turn:Port {udpPort} (UDP) cannot be used"),
            (options => options.Turn.Port = tcpPort, $"Parley:Turn:Port {tcpPort} (TCP) cannot be used"),
            (options => options.Turn.TlsPort = tcpPort, $"Parley:Turn:TlsPort {tcpPort} (TCP) cannot be used"),
        })
        {
            using var stage = new TurnStage(change, tls: true);
            var refused = await Assert.ThrowsAsync<StartException>(() => stage.Plane.StartAsync(Cancellation));
            Assert.Contains(part, refused.Message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', refused.Message);
            Assert.Equal(0, stage.Plane.Port);
        }

        // The TCP number was bound for UDP first, and given back.
        using var free = new UdpClient(new IPEndPoint(IPAddress.Any, tcpPort));
    }

    [Fact]
    public async Task Our_media_is_reached_through_a_relay_and_what_is_beside_it_is_not()
    {
        using var media = Bound();
        using var beside = Bound();
        using var stage = new TurnStage { MediaPort = Port(media) };
        await stage.StartAsync();
        using var ada = new TurnUser(stage.Plane.Port, stage.Server).Allocate();
        var (there, notThere) = (Address(media), Address(beside));
        ada.Permit(there);
        ada.Permit(notThere);
        ada.Until(() => !ada.Permit(notThere), "a refusal");

        var buffer = new byte[100];
        EndPoint from = new IPEndPoint(IPAddress.Any, 0);
        ada.Until(
            () =>
            {
                ada.Say(there, "hello");
                return media.Poll(0, SelectMode.SelectRead);
            },
            "something at the media port");
        Assert.Equal("hello", Encoding.UTF8.GetString(buffer, 0, media.ReceiveFrom(buffer, ref from)));
        Assert.Equal(ada.Client.Relayed!.Value.ToEndPoint(), from);
        beside.SendTo("knock"u8, from);
        media.SendTo("hi"u8, from);
        ada.Until(() => ada.Received.Count > 0, "an answer");
        Assert.Equal([(there, "hi")], ada.Received);
        Assert.False(beside.Poll(0, SelectMode.SelectRead));
    }

    [Fact]
    public async Task Relay_ports_are_of_the_range_and_come_back()
    {
        int first;
        using (var probe = Bound()) first = Port(probe);
        using var stage = await new TurnStage(options => (options.Turn.RelayPortFirst, options.Turn.RelayPortLast) = (first, first)).StartAsync();
        using var ada = new TurnUser(stage.Plane.Port, stage.Server).Allocate();
        Assert.Equal<int?>(first, ada.Client.Relayed?.Port);
        using (var bob = new TurnUser(stage.Plane.Port, stage.Server).Allocate()) Assert.Equal(508, bob.Client.ErrorCode);
        ada.Client.Close(TimeSpan.FromMinutes(1));
        MediaHost.Conditions.Poll(() => stage.Plane.Allocations == 0, "the end of an allocation");
        using var eve = new TurnUser(stage.Plane.Port, stage.Server).Allocate();
        Assert.Equal<int?>(first, eve.Client.Relayed?.Port);
    }

    /// <summary>All of 127/8 is this machine's; the system would answer from 127.0.0.1.</summary>
    [Fact]
    public async Task On_Linux_it_answers_from_the_address_that_was_asked()
    {
        if (!OperatingSystem.IsLinux()) return;
        using var stage = await new TurnStage().StartAsync();
        using var ada = new TurnUser(stage.Plane.Port, stage.Server, "127.0.0.2").Allocate();
        Assert.Equal(TurnState.Allocated, ada.Client.State);
    }

    [Fact]
    public async Task Its_figures_can_be_read()
    {
        using var stage = await new TurnStage().StartAsync();
        using var ada = new TurnUser(stage.Plane.Port, stage.Server).Allocate();
        var read = new Dictionary<string, long>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, l) =>
            {
                if (instrument.Meter.Name == "Parley.Turn") l.EnableMeasurementEvents(instrument);
            },
        };
        void Keep(Instrument instrument, long value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var name = tags.Length == 0 ? instrument.Name : $"{instrument.Name} {tags[0].Value}";
            lock (read) read[name] = Math.Max(value, read.GetValueOrDefault(name));
        }

        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Keep(instrument, value, tags));
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Keep(instrument, value, tags));
        listener.Start();
        listener.RecordObservableInstruments();
        Assert.InRange(read["parley.turn.allocations"], 1, long.MaxValue);
        Assert.InRange(read["parley.turn.refusals Challenged"], 1, long.MaxValue);
        Assert.Contains("parley.turn.bytes.relayed client", read.Keys);
        Assert.Contains("parley.turn.bytes.relayed peer", read.Keys);
        Assert.Contains("parley.turn.connections", read.Keys);
    }

    private static Socket Bound()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }

    private static int Port(Socket socket) => ((IPEndPoint)socket.LocalEndPoint!).Port;

    private static TransportAddress Address(Socket socket) => TransportAddress.From((IPEndPoint)socket.LocalEndPoint!);
}
