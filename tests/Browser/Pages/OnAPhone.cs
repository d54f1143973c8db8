using Parley.Browser.Harness;
using Parley.Client;
using Parley.Client.Meetings;

namespace Parley.Browser.Pages;

public sealed class OnAPhone(Stage stage) : BrowserTest(stage)
{
    [Fact]
    public async Task What_happened_is_told_over_no_name_and_over_nothing_to_press_in_the_menu()
    {
        var ada = await Open(Person.Ada with { Devices = "missing" });
        await ada.Page.SetViewportSizeAsync(390, 780);
        var link = await ada.Create("On a phone");
        await ada.Enter();
        using var server = new ParleyServer(Stage.Server.Address);
        var meeting = MeetingLink.Parse(new Uri(Stage.Server.Address, link).ToString()).MeetingId;
        await ada.At("more-button").ClickAsync();
        foreach (var name in new[] { "Guest 1", "Guest 2" })
        {
            await using var guest = await server.JoinAsync(meeting, new JoinOptions { Name = name, Media = false }, TestContext.Current.CancellationToken);
            await ada.IsTold($"{name} joined");
            await ada.Until(
                "what is told lies over no name and no item of the menu",
                """
                () => {
                  const boxes = (selector) => [...document.querySelectorAll(selector)].map((one) => one.getBoundingClientRect());
                  const toasts = boxes('[data-testid=toast]');
                  return toasts.length > 0 && boxes('.tile-name, .menu-item').every((name) =>
                    toasts.every((toast) => toast.bottom <= name.top || toast.top >= name.bottom || toast.right <= name.left || toast.left >= name.right));
                }
                """);
        }
    }

    [Theory]
    [InlineData(320)]
    [InlineData(390)]
    public async Task All_controls_are_round_and_there(int width)
    {
        var ada = await Open(Person.Ada with { Devices = "missing" });
        await ada.Page.SetViewportSizeAsync(width, 780);
        await ada.Create("On a phone");
        await ada.Enter();
        var boxes = await ada.Page.EvaluateAsync<double[][]>(
            """
            () => [...document.querySelectorAll('.controls button')].filter((one) => one.checkVisibility())
              .map((one) => one.getBoundingClientRect()).map(({ left, right, width, height }) => [left, right, width, height])
            """);
        Assert.Equal(7, boxes.Length);
        Assert.All(boxes, box =>
        {
            Assert.InRange(box[0], 0, width);
            Assert.InRange(box[1], 0, width);
            Assert.Equal(box[2], box[3], 0.5);
        });
    }
}
