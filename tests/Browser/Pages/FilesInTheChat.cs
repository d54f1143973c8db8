using Microsoft.Playwright;
using Parley.Browser.Harness;
using static Parley.Browser.Harness.ChatFiles;

namespace Parley.Browser.Pages;

/// <summary>Files that are dropped on the chat, pasted into it, called back on their way, or refused.</summary>
public sealed class FilesInTheChat(Stage stage) : BrowserTest(stage)
{
    private static readonly Person Ada = Person.Ada with { Devices = "missing" };
    private static readonly Person Ben = Person.Ben with { Devices = "missing" };

    [Fact]
    public async Task What_is_dropped_or_pasted_is_sent_and_what_is_too_large_is_refused_in_words()
    {
        await using var server = await ServerProcess.StartAsync("--Parley:Files:MaxMegabytes=1");
        var (ada, ben) = (await Open(Ada, server: server.Address), await Open(Ben, server: server.Address));
        var link = await ada.Create("Files");
        await ada.Enter();
        await ben.Join(link);
        await ada.OpenChat();
        await ben.OpenChat();

        Assert.False((await Drops(ben, "minutes.txt", "text/plain", 2000)).Last(), "the browser would open the file itself");
        await ada.At("chat-file").Filter(new() { HasText = "minutes.txt" }).WaitForAsync();
        Assert.Equal(2000, await Bytes(ada, "minutes.txt"));
        Assert.False((await Pastes(ben, "photo.png", "image/png", 3000)).Single());
        await ada.At("chat-file").Filter(new() { HasText = "photo.png" }).WaitForAsync();

        // Larger than the server takes: said at once, and nothing is sent.
        await Drops(ben, "film.mp4", "video/mp4", 1_048_577);
        await ben.IsTold("film.mp4 is too large: 1 MB at most.");
        // Nothing in it: what the server says stands under the file, which can be thrown away.
        await Drops(ben, "empty.txt", "text/plain", 0);
        await ben.At("upload").Filter(new() { HasText = "empty.txt" }).GetByRole(AriaRole.Alert).Filter(new() { HasText = "something in it" }).WaitForAsync();
        await ben.IsAccessible();
        await ben.At("upload-cancel").ClickAsync();
        await ben.At("upload").WaitForAsync(new() { State = WaitForSelectorState.Detached });

        // Who may not write sends no files either.
        await ada.Switches("may-chat");
        await ben.Until("Ben may not write", "() => document.querySelector('[data-testid=attach-button]') === null");
        await Drops(ben, "late.txt", "text/plain", 10);
        await ada.Say("That is all");
        await ben.At("chat-message").Filter(new() { HasText = "That is all" }).WaitForAsync();
        Assert.Equal(0, await ben.At("upload").CountAsync());
        Assert.Equal(["minutes.txt", "photo.png"], await Names(ada));
    }

    [Fact]
    public async Task No_place_is_kept_for_a_picture_that_does_not_come()
    {
        var (ada, ben) = (await Open(Ada), await Open(Ben));
        var link = await ada.Create("A picture that is none");
        await ada.Enter();
        await ben.Join(link);
        await ada.OpenChat();
        await ben.OpenChat();
        // It begins as a picture, which is all that the server looks at.
        byte[] signature = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];
        var came = ada.Page.WaitForResponseAsync(response => response.Url.Contains("/files/", StringComparison.Ordinal));
        await ben.At("attach-input").SetInputFilesAsync(new FilePayload { Name = "torn.png", MimeType = "image/png", Buffer = [.. signature, .. new byte[2000]] });
        await came;
        await ada.At("chat-file").Filter(new() { HasText = "torn.png" }).WaitForAsync();
        await ada.Until("there is the file alone", "() => !document.querySelector('.message-picture')");
    }

    [Fact]
    public async Task An_upload_is_called_back_on_its_way_and_nobody_sees_it()
    {
        var (ada, ben) = (await Open(Ada), await Open(Ben));
        var link = await ada.Create("Called back");
        await ada.Enter();
        await ben.Join(link);
        await ada.OpenChat();
        await ben.OpenChat();

        // A line on which ten megabytes take all day.
        var line = await ben.Page.Context.NewCDPSessionAsync(ben.Page);
        await line.SendAsync("Network.enable");
        await Narrow(10_000);
        await Drops(ben, "slow.bin", "application/octet-stream", 10_000_000);
        await ben.Until("some of it has gone", "() => document.querySelector('[data-testid=upload] progress')?.value > 0");
        Assert.True(await ben.At("upload").Locator("progress").EvaluateAsync<double>("(bar) => bar.value") < 1);
        await ben.IsAccessible();
        await ben.At("upload-cancel").ClickAsync();
        await ben.At("upload").WaitForAsync(new() { State = WaitForSelectorState.Detached });

        await Narrow(-1);
        await Drops(ben, "quick.bin", "application/octet-stream", 100);
        await ada.At("chat-file").Filter(new() { HasText = "quick.bin" }).WaitForAsync();
        Assert.Equal(["quick.bin"], await Names(ada));

        Task Narrow(int upload) => line.SendAsync("Network.emulateNetworkConditions", new()
        {
            ["offline"] = false,
            ["latency"] = 0,
            ["downloadThroughput"] = -1,
            ["uploadThroughput"] = upload,
        });
    }
}
