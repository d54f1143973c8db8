using Parley.Browser.Harness;

namespace Parley.Browser.Meetings;

public sealed class OwnPicture(Stage stage) : BrowserTest(stage)
{
    [Fact]
    public async Task A_blurred_background_is_not_to_be_read_and_a_camera_that_cannot_be_blurred_goes_on_as_it_is()
    {
        var ada = await Open(Person.Ada);
        var ben = await Open(Person.Ben);
        var link = await ada.Create("A shelf behind me");
        await ada.Enter();
        await ben.Join(link);
        await ben.Sees(Person.Ada);
        await ben.Until("Ada's picture is sharp", Sharpest + " > 100; }", Person.Ada.Name);
        await ada.At("more-button").ClickAsync();
        await ada.At("settings-button").ClickAsync();

        // As on a machine without graphics.
        await ada.Page.EvaluateAsync("() => { window.getContext = HTMLCanvasElement.prototype.getContext; HTMLCanvasElement.prototype.getContext = () => null; }");
        await ada.At("blur").ClickAsync();
        await ada.IsTold("cannot blur");
        Assert.False(await ada.At("blur").IsCheckedAsync());
        await ben.SeesNow(Person.Ada);

        // A barcode is no person: all of it is background.
        await ada.Page.EvaluateAsync("() => { HTMLCanvasElement.prototype.getContext = window.getContext; }");
        await ada.At("blur").ClickAsync();
        await ben.Until("nothing of Ada's background is sharp", Sharpest + " < 50; }", Person.Ada.Name);
        await ada.At("blur").ClickAsync();
        await ben.SeesNow(Person.Ada);
    }

    /// <summary>The largest step of brightness from one point to the next, along the middle of a tile's picture.</summary>
    private const string Sharpest =
        """
        (name) => {
          const video = document.querySelector(`[data-testid=tile][data-name=${name}] video`);
          const canvas = new OffscreenCanvas(320, 180);
          const context = canvas.getContext('2d');
          context.drawImage(video, 0, 0, 320, 180);
          const { data } = context.getImageData(0, 90, 320, 1);
          return Math.max(...Array.from({ length: 319 }, (_, x) => Math.abs(data[4 * x + 4] - data[4 * x])))
        """;
}
