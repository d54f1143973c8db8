using System.Security.Cryptography;
using Parley.Media;
using Parley.Media.Forwarding;
using Parley.Media.Ice;
using Parley.Media.Session;

namespace Parley.Scenarios.World;

/// <summary>
/// The real engine with its mixer, in virtual time, and people around it on seeded links. SRTP keys are given: the
/// handshake has tests of its own (design §1).
/// </summary>
internal sealed class VirtualServer : IDatagramSink, IMediaEvents
{
    public static readonly DateTimeOffset Origin = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(20);

    private readonly Dictionary<TransportAddress, Person> _people = [];
    private readonly int _seed;

    public VirtualServer(int seed)
    {
        _seed = seed;
        Engine = new MediaEngine(new DirectBatch(this), RandomSource.Seeded(seed), this, Origin);
    }

    public VirtualTime Time { get; } = new();

    public MediaEngine Engine { get; }

    public List<Person> People { get; } = [];

    /// <summary>What the server told of its connections, in order.</summary>
    public List<(Person Person, IceState State)> States { get; } = [];

    /// <summary>A digest of every packet the server sent, as its receiver decrypted it, in order of sending.</summary>
    public IncrementalHash Sent { get; } = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public Room OpenRoom()
    {
        var room = Engine.OpenRoom();
        Time.Every(Tick, Tick, () => room.Audio.Tick(Time.Now));
        return room;
    }

    public Person Join(Room room, LinkQuality quality) => Join(room, quality, Equipment.Plain);

    public Person Join(Room room, LinkQuality quality, Equipment equipment)
    {
        var person = new Person(this, room, People.Count, _seed, quality, equipment);
        People.Add(person);
        _people.Add(person.Address, person);
        person.Start();
        return person;
    }

    /// <summary>What is sent to their old address from now on reaches nobody.</summary>
    public void Move(Person person, TransportAddress address)
    {
        _people.Remove(person.Address);
        _people.Add(address, person);
    }

    public void Run(TimeSpan duration) => Time.RunUntil(Time.Now + duration, () => Engine.NextDeadline, () => Engine.HandleTimeout(Time.Now));

    public void Receive(byte[] datagram, TransportAddress from)
    {
        Engine.HandleDatagram(datagram, from, Time.Now);
        Engine.HandleBatchEnd(Time.Now);
    }

    void IDatagramSink.Send(TransportAddress to, ReadOnlySpan<byte> datagram)
    {
        if (_people.TryGetValue(to, out var person)) person.Downlink.Send(datagram);
    }

    void IMediaEvents.OnConnectionState(PeerConnection connection, IceState state, IceStateReason reason) =>
        States.Add(((Person)connection.Tag!, state));

    void IMediaEvents.OnSlotShown(PeerConnection viewer, string mid, PeerConnection? source, VideoKind kind) =>
        ((Person)viewer.Tag!).OnSlotShown(mid, source?.Tag as Person);

    void IMediaEvents.OnSlotQuality(PeerConnection viewer, string mid, SlotLevel level, SlotLimit limit) =>
        ((Person)viewer.Tag!).OnSlotQuality(mid, level, limit);

    void IMediaEvents.OnLayersWanted(PeerConnection sender, VideoKind kind, int layers) => ((Person)sender.Tag!).OnLayersWanted(kind, layers);

    void IMediaEvents.OnSpeakers(Room room, IReadOnlyList<PeerConnection> speaking, PeerConnection? dominant)
    {
    }

    void IMediaEvents.OnInMix(PeerConnection voice, PeerConnection listener, uint rtpTimestamp) =>
        ((Person)voice.Tag!).InMix = (Time.Now, (Person)listener.Tag!, rtpTimestamp);
}
