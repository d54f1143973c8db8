using Parley.Media.Mixing;

namespace Parley.Media.Tests.Mixing;

/// <summary>A meeting on a perfect path: each client encodes what it says, and decodes what the mixer sends it.</summary>
internal sealed class MixerHarness : IMixedAudioSink, IDisposable
{
    private readonly AudioMixer _mixer;
    private readonly OpusEncoderOptions _clientEncoder;
    private long _tick;

    public MixerHarness(AudioMixerOptions? options = null, OpusEncoderOptions? clientEncoder = null)
    {
        _mixer = new AudioMixer(options ?? new AudioMixerOptions());
        _clientEncoder = clientEncoder ?? new OpusEncoderOptions();
    }

    public AudioMixer Mixer => _mixer;

    public List<Client> Clients { get; } = [];

    public TimeSpan Now => AudioFormat.Tick * _tick;

    public Client Join(Func<long, float[]> voice)
    {
        var client = new Client(voice, _clientEncoder);
        client.Participant = _mixer.Add(client.Inbox, client);
        Clients.Add(client);
        return client;
    }

    public void Leave(Client client)
    {
        _mixer.Remove(client.Participant);
        Clients.Remove(client);
    }

    /// <summary>Whether ticks are left out while the mixer says that they do nothing.</summary>
    public bool LeavesOut { get; set; }

    /// <summary>Ticks that were not left out.</summary>
    public int Ticks { get; private set; }

    public void Run(int ticks)
    {
        for (var i = 0; i < ticks; i++)
        {
            foreach (var client in Clients) client.Speak(_tick, Now);
            var hasNews = false;
            foreach (var client in Clients) hasNews |= client.Arrivals.Take();
            if (!LeavesOut || hasNews || !_mixer.IsIdle)
            {
                _mixer.Tick(Now, this);
                Ticks++;
            }
            else
            {
                foreach (var client in Clients) client.Hear([], isDtx: true);
            }

            _tick++;
        }
    }

    public void OnMixedFrame(MixerParticipant listener, ReadOnlySpan<byte> opusPayload, uint timestampIncrement, bool isDtx)
    {
        Assert.Equal(960u, timestampIncrement);
        ((Client)listener.Tag!).Hear(opusPayload, isDtx);
    }

    public void Dispose()
    {
        _mixer.Dispose();
        foreach (var client in Clients) client.Dispose();
    }

    internal sealed class Client(Func<long, float[]> voice, OpusEncoderOptions options) : IDisposable
    {
        private readonly OpusEncoder _encoder = new(options);
        private readonly OpusDecoder _decoder = new();
        private readonly float[] _frame = new float[960];
        private readonly byte[] _packet = new byte[1_276];
        private AudioInbox? _inbox;
        private long _sequence;

        public ArrivalFlag Arrivals { get; } = new();

        public AudioInbox Inbox => _inbox ??= new(Arrivals);

        public MixerParticipant Participant { get; set; } = null!;

        public bool IsSending { get; set; } = true;

        /// <summary>The level it tells with each packet; null for none.</summary>
        public byte? Level { get; set; }

        /// <summary>Which of its packets the network loses.</summary>
        public Predicate<long> Loses { get; set; } = _ => false;

        public List<float> Heard { get; } = [];

        /// <summary>For each tick the size of what was sent; −1 for nothing.</summary>
        public List<int> Sent { get; } = [];

        public ReadOnlySpan<float> LastSeconds(double seconds) => Heard.ToArray().AsSpan()[^(int)(seconds * 48_000)..];

        public void Speak(long tick, TimeSpan now)
        {
            if (!IsSending) return;
            var written = _encoder.Encode(voice(tick), _packet);
            if (written <= 2 || Loses(_sequence++)) return;
            Inbox.Level = Level;
            Assert.True(Inbox.TryWrite(_sequence - 1, tick * 960, now, _packet.AsSpan(0, written)));
        }

        public void Hear(ReadOnlySpan<byte> payload, bool isDtx)
        {
            Sent.Add(isDtx ? -1 : payload.Length);
            if (isDtx)
            {
                _decoder.Conceal(_frame);
            }
            else
            {
                Assert.Equal(960, _decoder.Decode(payload, _frame));
            }

            Heard.AddRange(_frame);
        }

        public void Dispose()
        {
            _encoder.Dispose();
            _decoder.Dispose();
        }
    }
}
