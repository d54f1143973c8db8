using System.Globalization;
using Microsoft.Playwright;

namespace Parley.Browser.Harness;

/// <summary>A way through every page and state of the web client; at each stop something is done with who stands there.</summary>
/// <param name="open">Opens a page for somebody.</param>
/// <param name="stop">Told the person and the name of the state.</param>
/// <param name="words">What is typed, in the language of the tour.</param>
/// <param name="camera">What the pages ask of the cameras.</param>
internal sealed class Tour(Func<Person, Task<Participant>> open, Func<Participant, string, Task> stop, TourWords words, string camera)
{
    private readonly Person _jonas = Person.Ben with { Name = Guest, Scene = "evening", Amplitude = 0, Camera = camera };
    private readonly Person _maya = Person.Ada with { Name = words.Host, Scene = "study", Camera = camera };
    private readonly Person _priya = Person.Cleo with { Name = "Priya Nair", Scene = "kitchen", Amplitude = 0, Camera = camera };

    /// <summary>Who is there for the others, and for the admin's page.</summary>
    public const string Guest = "Jonas Weber";

    public async Task Take()
    {
        var maya = await open(_maya);
        await maya.Go("/");
        await maya.At("create-meeting").WaitForAsync();
        await stop(maya, "start");
        await maya.At("options").ClickAsync();
        await stop(maya, "start-options");
        var link = await maya.Create(words.Title, stay: true);
        await maya.Page.Locator(".preview video").WaitForAsync();
        await stop(maya, "prejoin");
        await maya.Enter();
        await maya.Page.Locator("[data-testid=connection-badge]:not([data-path=none])").WaitForAsync();
        await stop(maya, "meeting-alone");

        var jonas = await open(_jonas);
        var priya = await open(_priya);
        await jonas.Join(link);
        await priya.Join(link);
        await maya.IsWith(_jonas, _priya);
        await InTheMeeting(maya, jonas);
        await AtTheDoor(maya, link);
        await Administration(jonas);
        await maya.Does("remove", _priya);
        await stop(maya, "remove-question");
        await maya.At("remove-confirm").ClickAsync();
        await priya.At("removed-page").WaitForAsync();
        await stop(priya, "removed");
        await maya.Page.Keyboard.PressAsync("p");
        await End(maya);
        await Around(maya, link);
    }

    private async Task InTheMeeting(Participant maya, Participant jonas)
    {
        await AreSharp(maya);
        await stop(maya, "meeting-grid");
        await maya.At("more-button").ClickAsync();
        await stop(maya, "menu");
        await maya.At("layout-speaker").ClickAsync();
        await maya.Page.Keyboard.PressAsync("Escape");
        await maya.Page.Locator("[data-testid=tile][data-large=true]").WaitForAsync();
        await AreSharp(maya);
        await stop(maya, "meeting-speaker");
        await jonas.At("screen-button").ClickAsync();
        // The element is there before its first picture.
        await maya.SeesScreenOf(_jonas);
        await stop(maya, "meeting-screen");
        await jonas.At("screen-button").ClickAsync();
        await jonas.At("hand-button").ClickAsync();
        await jonas.Say(words.Line);
        await maya.OpenChat();
        await maya.Say(words.Answer);
        await stop(maya, "chat");
        await ChatWithMore(maya, jonas);
        await maya.OpenPeople();
        await stop(maya, "people");
        await maya.LooksAt(_jonas);
        await stop(maya, "person");
        await maya.Page.Keyboard.PressAsync("Escape");
        await maya.At("hosting-button").ClickAsync();
        await stop(maya, "host-controls");
        await maya.At("new-passcode").FillAsync("sesame");
        await maya.At("set-passcode").ClickAsync();
        await maya.At("lobby").ClickAsync();
        await maya.Page.Keyboard.PressAsync("Escape");
        await maya.Page.Keyboard.PressAsync("p");
        foreach (var (item, name) in new[] { ("settings-button", "settings"), ("connection-item", "connection"), ("help-button", "help") })
        {
            await maya.At("more-button").ClickAsync();
            await maya.At(item).ClickAsync();
            await maya.Page.Locator("dialog[open]").WaitForAsync();
            // What comes in a second is read twice before it can be told.
            await maya.Until("every figure is there", "() => [...document.querySelectorAll('[data-testid=figures] dd')].every((one) => one.textContent.trim() !== '–')");
            await stop(maya, name);
            await maya.Page.Keyboard.PressAsync("Escape");
        }
    }

    /// <summary>Waits until each tile shows a picture nearly as large as the camera's or its own size.</summary>
    private Task AreSharp(Participant maya) => maya.Until(
        "the pictures are sharp",
        "camera => [...document.querySelectorAll('[data-testid=tile]')].every((tile) => tile.querySelector('video')?.videoWidth >= Math.min(camera, tile.clientWidth) * 0.8)",
        int.Parse(camera[..camera.IndexOf('x', StringComparison.Ordinal)], CultureInfo.InvariantCulture));

    /// <summary>Brings the picture of a record into sight, which is when it is read, and goes back to the top.</summary>
    private static async Task ShowsPicture(Participant person)
    {
        await person.Page.Locator(".message-picture").ScrollIntoViewIfNeededAsync();
        await person.At("chat-picture").EvaluateAsync("(image) => image.decode()");
        await person.Page.EvaluateAsync("() => scrollTo(0, 0)");
    }

    /// <summary>Files, reactions and what is private in the chat, and signs over the tiles.</summary>
    private async Task ChatWithMore(Participant maya, Participant jonas)
    {
        var picture = await jonas.Tile(_jonas).Locator("video").EvaluateAsync<string>(
            """
            (video) => {
              const canvas = Object.assign(document.createElement('canvas'), { width: 640, height: 360 });
              canvas.getContext('2d').drawImage(video, 0, 0, 640, 360);
              return canvas.toDataURL().split(',')[1];
            }
            """);
        await jonas.At("attach-input").SetInputFilesAsync(
        [
            new FilePayload { Name = "release-notes.pdf", MimeType = "application/pdf", Buffer = new byte[48_000] },
            new FilePayload { Name = "my-desk.png", MimeType = "image/png", Buffer = Convert.FromBase64String(picture) },
        ]);
        await maya.At("chat-picture").WaitForAsync();
        await maya.At("chat-picture").EvaluateAsync("(image) => image.decode()");
        await maya.At("react-button").First.ClickAsync();
        await stop(maya, "chat-emoji");
        await maya.At("emoji").First.ClickAsync();
        await jonas.At("reaction").First.ClickAsync();
        await maya.Until("two reacted", "() => document.querySelector('[data-testid=reaction]')?.textContent.trim().endsWith('2')");
        await maya.At("chat-to").SelectOptionAsync(new SelectOptionValue { Label = Guest });
        await maya.Say(words.Answer);
        await maya.At("chat-private").First.WaitForAsync();
        await maya.At("chat-to").SelectOptionAsync("");
        await stop(maya, "chat-files-reactions");
        await maya.At("chat-button").ClickAsync();
        await AreSharp(maya);
        await jonas.At("sign-button").ClickAsync();
        await jonas.At("sign").Last.ClickAsync();
        await maya.Tile(_jonas).GetByTestId("tile-sign").WaitForAsync();
        await stop(maya, "meeting-sign");
        await maya.OpenChat();
    }

    private async Task AtTheDoor(Participant maya, string link)
    {
        var sam = await open(Person.Dan with { Name = "Sam Okafor", Devices = "missing" });
        await sam.Go(link);
        await sam.At("device-trouble").First.WaitForAsync();
        await sam.At("name-input").FillAsync("Sam Okafor");
        await sam.At("passcode-input").FillAsync("sesame");
        await stop(sam, "prejoin-passcode-no-devices");
        await sam.At("join-button").ClickAsync();
        await sam.At("lobby-page").WaitForAsync();
        await stop(sam, "lobby");
        await maya.OpenPeople();
        await maya.At("waiting-row").WaitForAsync();
        await stop(maya, "people-waiting");
        await maya.At("refuse").First.ClickAsync();
        await sam.At("turnedAway-page").WaitForAsync();
        await stop(sam, "turned-away");
    }

    private async Task Administration(Participant somebody)
    {
        var admin = await open(Person.Dan with { Name = "Admin", Devices = "missing" });
        await admin.Go("/admin");
        await admin.At("admin-password").WaitForAsync();
        await stop(admin, "admin-sign-in");
        await admin.SignIn();
        // Theirs and the server's: who has neither microphone nor camera, or no path yet, is rightly without some.
        await admin.Until(
            "every figure is there",
            """
            name => {
              const row = document.querySelector(`[data-testid=live-participant][data-name="${name}"]`);
              const parts = [document.querySelector('[data-testid=server-figures]'), row?.closest('[data-testid=live-meeting]').querySelector('header'), row];
              return parts.every(part => part && !part.textContent.includes('–'));
            }
            """,
            somebody.Person.Name);
        await stop(admin, "admin-live");
        await admin.At("end-meeting").First.ClickAsync();
        await stop(admin, "admin-question");
        await admin.Page.Keyboard.PressAsync("Escape");
        await admin.At("admin-keys").ClickAsync();
        await admin.At("key-name").FillAsync(words.Key);
        await admin.At("scope-meetings:read").CheckAsync();
        await admin.At("create-key").ClickAsync();
        await admin.At("key-row").First.WaitForAsync();
        await stop(admin, "admin-keys");
        await admin.At("admin-webhooks").ClickAsync();
        await admin.At("webhook-url").FillAsync("https://example.org/parley");
        await admin.At("create-webhook").ClickAsync();
        await admin.At("webhook").First.WaitForAsync();
        await stop(admin, "admin-webhooks");
        await admin.At("admin-account").ClickAsync();
        await admin.At("current-password").WaitForAsync();
        await stop(admin, "admin-password");
        await admin.At("admin-history").ClickAsync();
        var record = admin.At("record-row").Filter(new() { HasText = words.Title }).First;
        await record.WaitForAsync();
        await stop(admin, "admin-records");
        await record.ClickAsync();
        await admin.At("attendance-row").First.WaitForAsync();
        // The admin reads what was said, not the files: once its picture is refused, it has no place. It is asked for when it is in view.
        await admin.At("chat-file").First.WaitForAsync();
        await admin.Until(
            "the picture's place is gone",
            """
            () => {
              const place = document.querySelector('.message-picture');
              place?.scrollIntoView();
              return !place;
            }
            """);
        await admin.Page.EvaluateAsync("() => scrollTo(0, 0)");
        await stop(admin, "admin-record");
    }

    private async Task End(Participant maya)
    {
        if (await maya.At("end-button").IsVisibleAsync())
        {
            await maya.At("end-button").ClickAsync();
        }
        else
        {
            await maya.At("more-button").ClickAsync();
            await maya.At("end-menu-item").ClickAsync();
        }

        await stop(maya, "end-question");
        await maya.At("end-confirm").ClickAsync();
        await maya.At("ended-page").WaitForAsync();
        await stop(maya, "ended");
    }

    private async Task Around(Participant maya, string link)
    {
        await maya.Go("/m/no-such-meeting");
        await maya.At("gone-meetingUnknown").WaitForAsync();
        await stop(maya, "unknown-meeting");
        // That of a meeting with a passcode is in no list.
        await maya.Create(words.Key);
        await maya.Go("/history");
        await maya.At("record-row").First.WaitForAsync();
        await stop(maya, "history");
        await maya.Go("/history/" + link[3..]);
        await maya.At("attendance-row").First.WaitForAsync();
        await ShowsPicture(maya);
        await stop(maya, "record");
        await maya.Go("/developers");
        await maya.At("api-createMeeting").WaitForAsync();
        await maya.At("api-createMeeting").Locator("summary").ClickAsync();
        await stop(maya, "developers");
        await maya.Go("/check");
        await maya.Page.Locator("[data-verdict]").First.WaitForAsync();
        await maya.Until("every way was tried", "() => !document.querySelector('[data-verdict=running]')");
        await stop(maya, "check");
    }
}

/// <summary>What people type on a tour.</summary>
internal sealed record TourWords(string Host, string Title, string Line, string Answer, string Key)
{
    public static readonly TourWords English = new(
        "Maya Lindqvist", "Weekly planning", "Morning. I have two points on the release: https://example.org/agenda", "Great, I can take notes.", "Calendar of the office");

    public static readonly TourWords Chinese = new("林美雅", "每周例会", "早上好。关于发布我有两点要说。", "好的，我来做记录。", "办公室日历");
}
