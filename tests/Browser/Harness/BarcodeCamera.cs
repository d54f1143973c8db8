using Parley.Client.Video;

namespace Parley.Browser.Harness;

/// <summary>The camera of a C# participant: the barcode of peer.js, 320×180 at 15 pictures a second.</summary>
internal static class BarcodeCamera
{
    public static PaintedSource Of(Person person) => new PaintedSource(
        new Vp8EncoderSettings { Width = Barcode.Width, Height = Barcode.Height, FramesPerSecond = 15, BitrateKbps = 300 },
        (picture, _, _) =>
        {
            picture.Fill(128, 128, 128);
            Barcode.Draw(picture.Y, picture.Width, person.Number, Barcode.Now);
        });
}
