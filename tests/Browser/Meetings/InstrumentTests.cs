using Parley.Browser.Harness;

namespace Parley.Browser.Meetings;

/// <summary>The ears and eyes of all other tests, on a page without a meeting.</summary>
public sealed class InstrumentTests(Stage stage) : BrowserTest(stage)
{
    private const string PlayOneself = """
        async () => {
          const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: true });
          const audio = Object.assign(new Audio(), { srcObject: stream });
          audio.dataset.testid = 'mix';
          const tile = document.createElement('div');
          Object.assign(tile.dataset, { testid: 'tile', name: 'Ada' });
          const video = Object.assign(document.createElement('video'), { srcObject: stream, muted: true });
          tile.append(video);
          document.body.append(audio, tile);
          await video.play();
        }
        """;

    [Fact]
    public async Task A_tone_and_a_barcode_are_read_back_and_no_others()
    {
        var ada = await Open(Person.Ada);
        await ada.Go("/");
        await ada.Page.EvaluateAsync(PlayOneself);

        await ada.HearsOnly(Person.Ada);
        await ada.Sees(Person.Ada);
        var observation = await ada.Observe(5, Person.Ada);
        Assert.Equal([Person.Ada.Number], observation.Pictures[0].Numbers);
    }

    [Fact]
    public async Task A_picture_without_a_valid_barcode_is_not_taken_for_one()
    {
        var ada = await Open(Person.Ada);
        await ada.Go("/");

        var read = await ada.Page.EvaluateAsync<bool[]>("""
            async () => {
              const look = async (paint) => {
                const canvas = Object.assign(document.createElement('canvas'), { width: 320, height: 180 });
                const context = canvas.getContext('2d');
                const video = Object.assign(document.createElement('video'), { muted: true, srcObject: canvas.captureStream(15) });
                const timer = setInterval(() => paint(context), 50);
                await video.play();
                const result = peer.seen(video);
                clearInterval(timer);
                return result !== null;
              };
              const cells = (bits) => (context) => bits.forEach((bit, i) => {
                context.fillStyle = bit ? '#fff' : '#000';
                context.fillRect((i % 8) * 40, Math.floor(i / 8) * 36, 40, 36);
              });
              const good = peer.barcode(5, Date.now());
              const flipped = good.map((bit, i) => (i === 20 ? 1 - bit : bit));
              const grey = (context) => { context.fillStyle = '#808080'; context.fillRect(0, 0, 320, 180); };
              const black = (context) => context.fillRect(0, 0, 320, 180);
              return [await look(cells(good)), await look(cells(flipped)), await look(grey), await look(black)];
            }
            """);

        Assert.Equal([true, false, false, false], read);
    }
}
