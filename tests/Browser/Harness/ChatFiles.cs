using Microsoft.Playwright;

namespace Parley.Browser.Harness;

/// <summary>Files that people bring to the chat, and find there.</summary>
internal static class ChatFiles
{
    /// <summary>What a browser does when a file is let go over an element, or pasted into it; only the hand is ours.</summary>
    private const string Bring =
        """
        async ([target, how, name, type, size]) => {
          const at = document.querySelector(`[data-testid=${target}]`);
          const element = how === 'paste' ? at : at.querySelector('.messages');
          const files = new DataTransfer();
          files.items.add(new File([new Uint8Array(size).fill(120)], name, { type }));
          const event = (kind) => how === 'paste'
            ? new ClipboardEvent(kind, { clipboardData: files, bubbles: true, cancelable: true })
            : new DragEvent(kind, { dataTransfer: files, bubbles: true, cancelable: true });
          return (how === 'paste' ? ['paste'] : ['dragenter', 'dragover', 'drop']).map((kind) => element.dispatchEvent(event(kind)));
        }
        """;

    /// <returns>Of each event whether the browser's own way goes on.</returns>
    public static Task<bool[]> Drops(Participant person, string name, string type, int size) =>
        person.Page.EvaluateAsync<bool[]>(Bring, new object[] { "chat-panel", "drop", name, type, size });

    /// <returns>Of the event whether the browser's own way goes on.</returns>
    public static Task<bool[]> Pastes(Participant person, string name, string type, int size) =>
        person.Page.EvaluateAsync<bool[]>(Bring, new object[] { "chat-input", "paste", name, type, size });

    /// <summary>How many there are when the file is downloaded.</summary>
    public static async Task<int> Bytes(Participant person, string name)
    {
        var download = await person.Page.RunAndWaitForDownloadAsync(
            () => person.At("chat-file").Filter(new() { HasText = name }).GetByRole(AriaRole.Button).ClickAsync());
        return File.ReadAllBytes(await download.PathAsync()).Length;
    }

    public static async Task<string[]> Names(Participant person) =>
        [.. await person.At("chat-file").Locator("bdi").AllInnerTextsAsync()];
}
