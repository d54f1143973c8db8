using Parley.Media.Dtls;

namespace Parley.Media.Tests.Dtls;

/// <summary>One handshake between two sides, of which at least one is ours, each on a thread of its own.</summary>
internal static class DtlsPair
{
    public static DateTimeOffset Now { get; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Made once: keys are the same for every test, handshakes are not.</summary>
    public static DtlsIdentity Server { get; } = DtlsIdentity.Create(Now, TimeSpan.FromDays(365));

    public static DtlsIdentity Client { get; } = DtlsIdentity.Create(Now, TimeSpan.FromDays(365));

    public static DtlsHandshakeOptions Quick { get; } = new() { InitialResend = TimeSpan.FromMilliseconds(20) };

    /// <summary>Resends nothing while a busy machine takes its time: for tests that count datagrams.</summary>
    public static DtlsHandshakeOptions Patient { get; } = new() { InitialResend = TimeSpan.FromSeconds(8) };

    /// <summary>
    /// Runs both sides to their end. The server goes on answering from its connection until the client is done.
    /// </summary>
    public static DtlsOutcome Run(
        DtlsLink link,
        DtlsTestClient client,
        DtlsFingerprint? expected = null,
        DtlsHandshakeOptions? options = null)
    {
        DtlsOutcome? outcome = null;
        var server = new Thread(() => outcome = Serve(link, expected, options));
        server.Start();
        client.Connect(link.Client);
        link.Close();
        server.Join();
        return outcome!;
    }

    /// <summary>As the other, with our client on the other side.</summary>
    public static (DtlsOutcome Client, DtlsOutcome Server) RunBoth(
        DtlsLink link,
        DtlsFingerprint? expectedServer = null,
        DtlsFingerprint? expectedClient = null,
        DtlsHandshakeOptions? options = null)
    {
        DtlsOutcome? outcome = null;
        var server = new Thread(() => outcome = Serve(link, expectedClient, options));
        server.Start();
        var client = DtlsClientHandshake.Run(Client, expectedServer ?? Server.Fingerprint, link.Client, options);
        link.Close();
        server.Join();
        return (client, outcome!);
    }

    /// <summary>Our client against another's server.</summary>
    public static DtlsOutcome Run(
        DtlsLink link,
        DtlsTestServer server,
        DtlsFingerprint? expected = null,
        DtlsHandshakeOptions? options = null)
    {
        var thread = new Thread(() => server.Accept(link.Server));
        thread.Start();
        var client = DtlsClientHandshake.Run(Client, expected ?? Server.Fingerprint, link.Client, options);
        link.Close();
        thread.Join();
        return client;
    }

    private static DtlsOutcome Serve(DtlsLink link, DtlsFingerprint? expected, DtlsHandshakeOptions? options)
    {
        var outcome = DtlsServerHandshake.Run(Server, expected ?? Client.Fingerprint, link.Server, options);
        var buffer = new byte[DtlsRecord.MaxDatagramLength];
        while (outcome.Connection is { } connection && link.Server.Receive(buffer, TimeSpan.FromSeconds(30)) is var length and > 0)
        {
            connection.HandleDatagram(buffer.AsSpan(0, length), TimeSpan.Zero);
        }

        return outcome;
    }
}
