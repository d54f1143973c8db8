using System.Globalization;
using Parley.Quality;

if (args is not ([] or ["--quick"]))
{
    Console.Error.WriteLine("bench/quality/run [--quick]");
    return 2;
}

var isQuick = args.Length > 0;
var speeches = Speech.Record(isQuick ? 1 : 3);
int[] losses = isQuick ? [0, 10] : [0, 2, 5, 10, 20], jitters = isQuick ? [0, 50] : [0, 20, 50, 100];
Print("Each packet is lost and late on its own", losses.SelectMany(loss => jitters.Select(jitter => new NetworkPath(loss, jitter))));
Print("Losses come in bursts of three on average", losses.Where(loss => loss > 0).SelectMany(loss =>
    jitters.Take(3).Where(jitter => jitter != 20).Select(jitter => new NetworkPath(loss, jitter, MeanBurst: 3))));
Print("Jitter comes and goes, four seconds each", jitters.Skip(1).Select(jitter => new NetworkPath(0, jitter, IsFitful: true)));
Print("The sender's clock drifts", [new NetworkPath(0, 20, DriftPpm: 1_000), new NetworkPath(0, 20, DriftPpm: -1_000)]);
return 0;

void Print(string title, IEnumerable<NetworkPath> paths)
{
    Console.WriteLine(title);
    Console.WriteLine($"  {"loss, jitter",-24} {"buffer",-16} {"delay ms",8} {"p95",5} {"concealed %",11} {"segSNR dB",10} {"LSD dB",7} {"Bark dB",8}");
    foreach (var path in paths)
    {
        Row(path, "Parley", (speech, seed, ticks) => ParleyMixer.Run(speech, Sender.Encode(speech, path.LossPercent), path, seed, ticks));
        if (path.LossPercent > 0)
        {
            Row(path, "Parley, no FEC", (speech, seed, ticks) => ParleyMixer.Run(speech, Sender.Encode(speech, null), path, seed, ticks));
        }

        foreach (var delay in (double[])[60, 100])
        {
            Row(path, $"fixed {delay} ms", (speech, seed, ticks) => FixedBuffer.Run(speech, Sender.Encode(speech, path.LossPercent), path, seed, ticks, delay));
        }
    }

    Console.WriteLine();
}

void Row(NetworkPath path, string name, Func<Speech, int, int, Heard> run)
{
    var (likeness, all) = (new Likeness(), new List<Heard>());
    for (var i = 0; i < speeches.Count; i++)
    {
        var heard = run(speeches[i], i + 1, speeches[i].Packets + 50);
        likeness.Add(speeches[i], heard.Samples);
        all.Add(heard);
    }

    var delays = all.SelectMany(heard => heard.DelaysMs).Order().ToList();
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {path,-24} {name,-16} {delays.Average(),8:0.0} {delays[delays.Count * 95 / 100],5:0} ")
        + string.Create(CultureInfo.InvariantCulture, $"{100.0 * all.Sum(heard => heard.Concealed) / all.Sum(heard => heard.Speech),11:0.00} ")
        + string.Create(CultureInfo.InvariantCulture, $"{likeness.SegmentalSnr,10:0.0} {likeness.LogSpectral,7:0.00} {likeness.Bark,8:0.00}"));
}
