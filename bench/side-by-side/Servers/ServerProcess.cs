using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Parley.SideBySide.Servers;

/// <summary>A server under test: a process of its own on the first core, with a temporary folder that goes with it.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(10);

    private readonly Process _process;
    private readonly string _folder;

    private ServerProcess(Process process, string folder) => (_process, _folder) = (process, folder);

    /// <summary>Its number.</summary>
    public int Id => _process.Id;

    /// <summary>What it has written so far.</summary>
    public string Log => File.Exists(LogOf(_folder)) ? ReadShared(LogOf(_folder)) : "";

    /// <summary>Starts one and waits until it is ready.</summary>
    /// <param name="folder">What it may write to; removed with it.</param>
    /// <param name="command">The program and its arguments.</param>
    /// <param name="isReady">Asked again and again.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="InvalidOperationException">It does not start.</exception>
    public static async Task<ServerProcess> StartAsync(string folder, IReadOnlyList<string> command, Func<ServerProcess, Task<bool>> isReady, CancellationToken cancellation)
    {
        // The shell becomes taskset, and that the server: the number stays.
        var start = new ProcessStartInfo("/bin/sh") { ArgumentList = { "-c", "exec \"$@\" >\"$0\" 2>&1 </dev/null", LogOf(folder), "taskset", "-c", "0" } };
        foreach (var word in command) start.ArgumentList.Add(word);
        var server = new ServerProcess(Process.Start(start)!, folder);
        var from = Stopwatch.GetTimestamp();
        try
        {
            while (!await isReady(server).ConfigureAwait(false))
            {
                if (server._process.HasExited) throw new InvalidOperationException($"{command[0]} has ended:\n{server.Log}");
                if (Stopwatch.GetElapsedTime(from) > StartPatience) throw new InvalidOperationException($"{command[0]} is not ready:\n{server.Log}");
                await Task.Delay(50, cancellation).ConfigureAwait(false);
            }
        }
        catch
        {
            await server.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        return server;
    }

    /// <summary>A folder that nothing else uses.</summary>
    public static string NewFolder() => Directory.CreateTempSubdirectory("side-by-side-").FullName;

    /// <summary>A TCP port that was free a moment ago.</summary>
    public static int FreePort()
    {
        using var socket = new TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        return ((IPEndPoint)socket.LocalEndpoint).Port;
    }

    /// <summary>An address of this machine that is not loopback's, which Janus does not use.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public static IPAddress OwnAddress() =>
        NetworkInterface.GetAllNetworkInterfaces()
            .Where(network => network.OperationalStatus == OperationalStatus.Up && network.NetworkInterfaceType != NetworkInterfaceType.Loopback)
            .SelectMany(network => network.GetIPProperties().UnicastAddresses)
            .Select(unicast => unicast.Address)
            .FirstOrDefault(address => address.AddressFamily == AddressFamily.InterNetwork)
        ?? throw new InvalidOperationException("This machine has no IPv4 address that is not loopback's.");

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await EndAsync().ConfigureAwait(false);
        }

        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task EndAsync()
    {
        using var patience = new CancellationTokenSource(EndPatience);
        try
        {
            using var kill = Process.Start("kill", [_process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
            await _process.WaitForExitAsync(patience.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or Win32Exception)
        {
            _process.Kill();
            await _process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
        }
    }

    private static string LogOf(string folder) => Path.Combine(folder, "log");

    private static string ReadShared(string path)
    {
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd();
    }
}
