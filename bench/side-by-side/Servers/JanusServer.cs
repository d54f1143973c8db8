using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Parley.SideBySide.Janus;
using Parley.Terminal.Load;

namespace Parley.SideBySide.Servers;

/// <summary>Debian's Janus with one of its plugins.</summary>
/// <param name="name">In the report.</param>
/// <param name="eventLoops">Its setting event_loops; null leaves a thread for each connection, as it is shipped.</param>
/// <param name="plugin">Such as videoroom.</param>
internal sealed class JanusServer(string name, int? eventLoops, string plugin) : IServer
{
    private static readonly string[] Plugins =
    [
        "libjanus_audiobridge.so", "libjanus_duktape.so", "libjanus_echotest.so", "libjanus_lua.so", "libjanus_nosip.so", "libjanus_recordplay.so",
        "libjanus_sip.so", "libjanus_streaming.so", "libjanus_textroom.so", "libjanus_videocall.so", "libjanus_videoroom.so", "libjanus_voicemail.so",
    ];

    private static readonly string[] UnusedTransports =
        ["libjanus_http.so", "libjanus_mqtt.so", "libjanus_nanomsg.so", "libjanus_pfunix.so", "libjanus_rabbitmq.so"];

    private readonly IPAddress _address = ServerProcess.OwnAddress();
    private int _port;

    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public async Task<ServerProcess> StartAsync(CancellationToken cancellation)
    {
        var folder = ServerProcess.NewFolder();
        _port = ServerProcess.FreePort();
        await File.WriteAllTextAsync(Path.Combine(folder, "janus.jcfg"), Core(folder), cancellation).ConfigureAwait(false);
        await File.WriteAllTextAsync(Path.Combine(folder, "janus.transport.websockets.jcfg"), WebSockets(), cancellation).ConfigureAwait(false);
        return await ServerProcess.StartAsync(folder, ["janus", "-F", folder], _ => IsListeningAsync(), cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task<LoadOutcome> LoadAsync(LoadOptions options, CancellationToken cancellation) =>
        new JanusRun(options, new Uri(string.Create(CultureInfo.InvariantCulture, $"ws://127.0.0.1:{_port}/")), _address).RunAsync(cancellation);

    private async Task<bool> IsListeningAsync()
    {
        try
        {
            using var probe = new TcpClient();
            await probe.ConnectAsync(IPAddress.Loopback, _port).ConfigureAwait(false);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private string Core(string folder) => $$"""
        general: {
          configs_folder = "{{folder}}"
          session_timeout = 0
          debug_level = 2
        {{(eventLoops is { } loops ? string.Create(CultureInfo.InvariantCulture, $"  event_loops = {loops}") : "")}}
        }
        nat: {
          ice_enforce_list = "{{_address}}"
          ignore_mdns = true
        }
        media: {
          rtp_port_range = "20000-39999"
        }
        plugins: {
          disable = "{{string.Join(',', Plugins.Where(file => !file.Contains(plugin, StringComparison.Ordinal)))}}"
        }
        transports: {
          disable = "{{string.Join(',', UnusedTransports)}}"
        }
        """;

    private string WebSockets() => string.Create(CultureInfo.InvariantCulture, $$"""
        general: {
          ws = true
          ws_ip = "127.0.0.1"
          ws_port = {{_port}}
          wss = false
        }
        """);
}
