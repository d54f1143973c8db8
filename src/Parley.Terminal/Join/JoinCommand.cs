using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Parley.Terminal.Join.Drawing;
using Parley.Terminal.Join.Media;

namespace Parley.Terminal.Join;

/// <summary>`parley join`: a meeting in the terminal.</summary>
internal static class JoinCommand
{
    private const int LeastSide = 16;
    private const int MostSide = 4096;
    private const int MostPixels = 4096 * 2304;

    private static readonly Argument<string> Link = new("LINK") { Description = "The meeting's link, or its id" };

    private static readonly Option<string> Name = new("--name") { HelpName = "NAME", Description = "As whom [your user name]" };

    private static readonly Option<string?> Passcode = new("--passcode") { HelpName = "PASSCODE", Description = "Of a meeting that needs one" };

    private static readonly Option<string?> Mic = new("--mic")
    {
        HelpName = "DEVICE|FILE|tone:HZ|none",
        Description = "What others hear [the default microphone on a terminal, else none]",
    };

    private static readonly Option<string> Camera = new("--camera")
    {
        HelpName = "DEVICE|FILE|pattern|none",
        Description = "What others see",
        DefaultValueFactory = _ => "none",
    };

    private static readonly Option<string?> Speaker = new("--speaker")
    {
        HelpName = "DEVICE|none",
        Description = "Where to hear the others [the default device on a terminal, else none]",
    };

    private static readonly Option<bool> NoVideo = new("--no-video") { Description = "Draw no pictures and ask for none" };

    private static readonly Option<bool> Mute = new("--mute") { Description = "Join with microphone and camera off" };

    private static readonly Option<string?> Save = new("--save")
    {
        HelpName = "DIR",
        Description = "Write each participant's pictures (IVF) and what is heard (WAV) into this folder",
    };

    private static readonly Option<string> Size = new("--size")
    {
        HelpName = "WIDTHxHEIGHT",
        Description = "Of one's own pictures",
        DefaultValueFactory = _ => "640x360",
    };

    private static readonly Option<int> Fps = new("--fps") { HelpName = "N", Description = "Own pictures per second, 1-60", DefaultValueFactory = _ => 15 };

    private static readonly Option<int> VideoBitrate = new("--video-bitrate")
    {
        HelpName = "KBPS",
        Description = "Of one's own pictures, 50-10000",
        DefaultValueFactory = _ => 600,
    };

    private static readonly Option<bool> Plain = new("--plain") { Description = "Lines instead of a screen, as when the output is no terminal" };

    private static readonly Option<bool> LeaveAtEof = new("--leave-at-eof") { Description = "In plain lines: leave when standard input ends" };

    private static readonly Option<string?> Colors = new("--colors")
    {
        HelpName = "24bit|256|none",
        Description = "What the terminal shows [by COLORTERM, TERM and NO_COLOR]",
    };

    static JoinCommand()
    {
        Size.Validators.Add(result => Check(result, ParseSize(result.GetValueOrDefault<string>()) is not null, "a size like 640x360, even, 16 to 4096"));
        Fps.Validators.Add(result => Check(result, result.GetValueOrDefault<int>() is >= 1 and <= 60, "a number from 1 to 60"));
        VideoBitrate.Validators.Add(result => Check(result, result.GetValueOrDefault<int>() is >= 50 and <= 10_000, "a number from 50 to 10000"));
        Colors.Validators.Add(result => Check(result, result.GetValueOrDefault<string?>() is "24bit" or "256" or "none", "24bit, 256 or none"));
    }

    public static Command Create()
    {
        var command = new Command("join", "Take part in a meeting, in the terminal")
        {
            Link, Name, Passcode, Mic, Camera, Speaker, Mute, NoVideo, Save, Size, Fps, VideoBitrate, Plain, LeaveAtEof, Colors,
        };
        command.AddServerOptions();
        command.Runs(async (parsed, ct) =>
        {
            var settings = SettingsOf(parsed);
            using var server = ServerOptions.ServerAt(parsed, settings.Link.Server);
            return await new JoinRun(server, settings, MediaTools.Find(), TimeProvider.System).RunAsync(ct);
        });
        return command;
    }

    internal static JoinSettings SettingsOf(ParseResult parsed)
    {
        var (width, height) = ParseSize(parsed.GetRequiredValue(Size)) ?? default;
        return new JoinSettings
        {
            Link = ServerOptions.LinkOf(parsed, parsed.GetRequiredValue(Link)),
            Name = parsed.GetValue(Name) ?? Environment.UserName,
            Passcode = parsed.GetValue(Passcode),
            Mic = parsed.GetValue(Mic),
            Camera = parsed.GetRequiredValue(Camera),
            Speaker = parsed.GetValue(Speaker),
            Mute = parsed.GetValue(Mute),
            NoVideo = parsed.GetValue(NoVideo),
            Save = parsed.GetValue(Save),
            Width = width,
            Height = height,
            Fps = parsed.GetValue(Fps),
            VideoKilobits = parsed.GetValue(VideoBitrate),
            Plain = parsed.GetValue(Plain),
            LeaveAtEof = parsed.GetValue(LeaveAtEof),
            Colors = parsed.GetValue(Colors) switch
            {
                "24bit" => ColorDepth.True,
                "256" => ColorDepth.Palette,
                "none" => ColorDepth.None,
                _ => null,
            },
        };
    }

    /// <summary>Even sides: the colours of a picture are of every second pixel.</summary>
    private static (int Width, int Height)? ParseSize(string? text)
    {
        var sides = (text ?? "").ToLowerInvariant().Split('x');
        if (sides.Length != 2 || ParseSide(sides[0]) is not { } width || ParseSide(sides[1]) is not { } height) return null;
        return width * height <= MostPixels ? (width, height) : null;
    }

    private static int? ParseSide(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var side) && side is >= LeastSide and <= MostSide && side % 2 == 0 ? side : null;

    private static void Check(OptionResult result, bool isValid, string what)
    {
        if (!isValid) result.AddError($"{result.Option.Name} takes {what}");
    }
}
