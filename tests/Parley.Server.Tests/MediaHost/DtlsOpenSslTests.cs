using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Parley.Media;
using Parley.Media.Dtls;
using Parley.Server.MediaHost;

namespace Parley.Server.Tests.MediaHost;

/// <summary>OpenSSL's client, a process of its own, against the server on a real socket of the loopback interface.</summary>
public sealed partial class DtlsOpenSslTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("SRTP_AEAD_AES_128_GCM", DtlsKeys.AeadAes128Gcm, 56)]
    [InlineData("SRTP_AES128_CM_SHA1_80", DtlsKeys.Aes128CmHmacSha1Tag80, 60)]
    public async Task Openssl_completes_and_exports_the_same_keys(string profile, int number, int length)
    {
        using var client = DtlsIdentity.Create(Now, TimeSpan.FromDays(365));
        using var server = new LoopbackServer(client.Fingerprint);
        using var folder = new PemFolder(client.ExportPem());
        using var openssl = Start(
            "s_client", "-dtls1_2", "-connect", $"127.0.0.1:{server.Port}", "-use_srtp", profile, "-cert", folder.File, "-key",
            folder.File, "-keymatexport", "EXTRACTOR-dtls_srtp", "-keymatexportlen", length.ToString("D", null));

        var printed = await KeyingMaterial(openssl);
        var outcome = await server.Outcome;

        Assert.True(outcome.Succeeded, outcome.ToString());
        Assert.Equal(number, outcome.Keys.SrtpProfile);
        Assert.Equal(printed, Convert.ToHexString(outcome.Keys.ExportedKeyingMaterial));

        // End of input makes s_client leave with close_notify.
        openssl.StandardInput.Close();
        await server.Closed;
        await openssl.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    [GeneratedRegex(@"Keying material: ([0-9A-F]+)")]
    private static partial Regex Printed();

    private static Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo("openssl", arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            var process = Process.Start(start)!;
            process.ErrorDataReceived += (_, _) => { };
            process.BeginErrorReadLine();
            return process;
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            throw new InvalidOperationException("The openssl command is missing: install openssl, or run ./test, which does.", missing);
        }
    }

    private static async Task<string> KeyingMaterial(Process openssl)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(TimeSpan.FromSeconds(20));
        var output = new List<string>();
        while (await openssl.StandardOutput.ReadLineAsync(deadline.Token) is { } line)
        {
            output.Add(line);
            if (Printed().Match(line) is { Success: true } match)
            {
                return match.Groups[1].Value;
            }
        }

        throw new InvalidOperationException($"openssl ended without keying material:\n{string.Join('\n', output)}");
    }

    /// <summary>A certificate and key in a file that only lives as long as the test.</summary>
    private sealed class PemFolder : IDisposable
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("parley-dtls-");

        public PemFolder(string pem)
        {
            File = Path.Combine(_folder.FullName, "client.pem");
            System.IO.File.WriteAllText(File, pem);
        }

        public string File { get; }

        public void Dispose() => _folder.Delete(recursive: true);
    }

    /// <summary>One session on a UDP socket; the peer's address is that of the last datagram.</summary>
    private sealed class LoopbackServer : IDisposable
    {
        private readonly TaskCompletionSource<DtlsOutcome> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly DtlsIdentity _identity = DtlsIdentity.Create(Now, TimeSpan.FromDays(365));
        private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        private readonly DtlsHandshakes _handshakes;
        private readonly DtlsInlet _inlet;
        private readonly Thread _thread;
        private volatile EndPoint _peer = new IPEndPoint(IPAddress.Any, 0);

        public LoopbackServer(DtlsFingerprint expected)
        {
            _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            _handshakes = new DtlsHandshakes(_identity);
            _inlet = _handshakes.Start(expected, Send, _outcome.SetResult, _closed.SetResult);
            _thread = new Thread(Receive) { IsBackground = true };
            _thread.Start();
        }

        public int Port => ((IPEndPoint)_socket.LocalEndPoint!).Port;

        public Task<DtlsOutcome> Outcome => _outcome.Task;

        public Task Closed => _closed.Task;

        public void Dispose()
        {
            _socket.Dispose();
            _thread.Join();
            _handshakes.Dispose();
            _identity.Dispose();
        }

        private void Send(ReadOnlySpan<byte> datagram) => _socket.SendTo(datagram, _peer);

        private void Receive()
        {
            var buffer = new byte[4096];
            try
            {
                while (true)
                {
                    EndPoint from = new IPEndPoint(IPAddress.Any, 0);
                    var length = _socket.ReceiveFrom(buffer, ref from);
                    _peer = from;
                    _inlet.Feed(TransportAddress.From((IPEndPoint)from), buffer.AsSpan(0, length));
                }
            }
            catch (Exception disposed) when (disposed is SocketException or ObjectDisposedException)
            {
            }
        }
    }
}
