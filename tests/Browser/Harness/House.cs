using System.ComponentModel;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Playwright;

namespace Parley.Browser.Harness;

/// <summary>One house and the browser in it.</summary>
internal sealed partial class House(string name, int number, string netns)
{
    /// <summary>CLONE_NEWNET, setns(2).</summary>
    private const int NetworkNamespace = 0x40000000;

    public string Name => name;

    public int Number => number;

    public string Namespace => netns;

    public string Subnet => $"10.77.{number}.0/24";

    public int Host { get; set; } = 2;

    public string Address => $"10.77.{number}.{Host}";

    /// <summary>Its link to the router, when that is not as good as a cable.</summary>
    public NarrowLink? Link { get; set; }

    public string? Launcher { get; private set; }

    public IPlaywright? Playwright { get; private set; }

    public IBrowser? Browser { get; private set; }

    /// <summary>A UDP socket of this house: one keeps the namespace it was made in, and only the thread that makes it has to go there.</summary>
    public Socket Udp()
    {
        Socket? made = null;
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                using var handle = File.OpenHandle($"/run/netns/{netns}");
                if (EnterNamespace(handle, NetworkNamespace) != 0) throw new Win32Exception(Marshal.GetLastPInvokeError());
                made = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            }
            catch (Exception e)
            {
                failure = e;
            }
        });
        thread.Start();
        thread.Join();
        return made ?? throw new InvalidOperationException($"No socket in {netns}", failure);
    }

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int EnterNamespace(SafeHandle handle, int kind);

    /// <summary>Chromium in this house. It takes the server's pages for secure, which gives them devices without a certificate.</summary>
    public async Task<IBrowser> Chromium(Uri server)
    {
        if (Browser is not null) return Browser;
        Launcher = Path.Combine(Path.GetTempPath(), $"{netns}-chromium");
        await File.WriteAllTextAsync(Launcher, $"#!/bin/sh\nexec ip netns exec {netns} {Browsers.ChromiumPath} \"$@\"\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(Launcher, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Playwright = await Microsoft.Playwright.Playwright.CreateAsync();
        return Browser = await Playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Launcher,
            Args = [.. Browsers.ChromiumArguments, $"--unsafely-treat-insecure-origin-as-secure={server.GetLeftPart(UriPartial.Authority)}"],
        });
    }
}
