using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Parley.Client.Media;
using Parley.Client.Meetings;
using Parley.Protocol;

namespace Parley.Client;

/// <summary>
/// A Parley server: its meetings, and the way into them. Each call is one attempt; failures are <see cref="ParleyException"/>s:
/// <see cref="ParleyError.Unreachable"/> when the server cannot be reached or is none, <see cref="ParleyError.Refused"/> with the
/// server's code when it said no. Safe to use from many threads.
/// </summary>
public sealed class ParleyServer : IDisposable
{
    /// <summary>How long an answer may take to begin.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private const int LongestSecret = 1_000;

    private readonly ParleyServerOptions _options;
    private readonly CertificateCheck _certificates;
    private readonly ConnectionProblem _problem;
    private readonly HttpClient _http;
    private readonly RestClient _rest;
    private readonly Lazy<MediaHost> _host;

    /// <summary>Makes one; nothing is connected yet.</summary>
    /// <param name="address">Scheme, host and port, as <see cref="ParseAddress"/> gives it.</param>
    /// <param name="options">Null for those that suit most.</param>
    /// <exception cref="ParleyException"><see cref="ParleyError.Invalid"/>: the address or an option cannot be right.</exception>
    public ParleyServer(Uri address, ParleyServerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(address);
        ServerAddress.Check(address);
        Address = ServerAddress.OriginOf(address);
        _options = options ?? new ParleyServerOptions();
        _certificates = new CertificateCheck(_options);
        _problem = new ConnectionProblem(Address, _certificates, Patience);
        _http = new HttpClient(_options.HttpHandler ?? CreateHandler(_certificates), disposeHandler: _options.HttpHandler is null)
        {
            BaseAddress = Address,
            // Each request has a timeout of its own, on the clock of the options.
            Timeout = Timeout.InfiniteTimeSpan,
        };
        _rest = new RestClient(_http, _problem, _options.TimeProvider, Patience);
        _host = new Lazy<MediaHost>(() => new MediaHost(_options.TimeProvider));
    }

    /// <summary>Where it is: scheme, host and port.</summary>
    public Uri Address { get; }

    /// <summary>Makes the media connections of sessions instead of the usual ones, and no links.</summary>
    internal Func<MediaLegContext, IMediaLeg>? CreateMediaLeg { get; set; }

    /// <summary>Whether sessions have the usual media connections.</summary>
    internal bool HasMedia { get; set; } = true;

    /// <summary>What the media connections share; made with the first.</summary>
    internal MediaHost MediaHost => _host.Value;

    /// <summary>
    /// Reads an address as people type it: <c>meet.example.org</c>, <c>http://localhost:8080</c>, or a page of the server. Without
    /// a scheme https is assumed, and http for this machine itself.
    /// </summary>
    /// <exception cref="ParleyException"><see cref="ParleyError.Invalid"/>: it is no address; the message says why.</exception>
    public static Uri ParseAddress(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var trimmed = ServerAddress.Trim(text);
        if (trimmed.Length == 0) throw ServerAddress.Invalid("The address of a server is missing.");
        var uri = ServerAddress.Read(trimmed);
        return IsPage(uri.AbsolutePath)
            ? ServerAddress.OriginOf(uri)
            : throw ServerAddress.Invalid($"The address of a server has no path: leave out \"{ServerText.Quote(uri.AbsolutePath)}\".");
    }

    /// <summary>What the server takes: lengths, participants, slots.</summary>
    public Task<Limits> GetLimitsAsync(CancellationToken cancellation = default) =>
        _rest.AskAsync<Limits>(HttpMethod.Get, "/api/limits", null, cancellation);

    /// <summary>The open meetings, newest first.</summary>
    public async Task<IReadOnlyList<MeetingSummary>> ListMeetingsAsync(CancellationToken cancellation = default) =>
        Whole(await _rest.AskAsync<MeetingSummary[]>(HttpMethod.Get, "/api/meetings", null, cancellation).ConfigureAwait(false));

    /// <summary>Creates a meeting. The secret in the answer is said only here: it ends the meeting for everyone.</summary>
    /// <param name="title">1–120 characters.</param>
    /// <param name="createdBy">The name of who creates it, 1–60 characters.</param>
    /// <param name="cancellation">Stops waiting; the meeting may have been created all the same.</param>
    public Task<MeetingCreated> CreateMeetingAsync(string title, string createdBy, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(title);
        ArgumentNullException.ThrowIfNull(createdBy);
        return CreateMeetingAsync(new CreateMeeting(title, createdBy), cancellation);
    }

    /// <summary>Creates a meeting with a passcode, a lobby, rights or times of its own.</summary>
    /// <param name="plan">How it is to be.</param>
    /// <param name="cancellation">Stops waiting; the meeting may have been created all the same.</param>
    public Task<MeetingCreated> CreateMeetingAsync(CreateMeeting plan, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return _rest.AskAsync<MeetingCreated>(HttpMethod.Post, "/api/meetings", plan, cancellation);
    }

    /// <summary>An open meeting as the list shows it.</summary>
    public async Task<MeetingSummary> GetMeetingAsync(string id, CancellationToken cancellation = default) =>
        await _rest.AskAsync<MeetingSummary>(HttpMethod.Get, "/api/meetings/" + MeetingLink.CheckId(id), null, cancellation).ConfigureAwait(false);

    /// <summary>Ends a meeting for everyone.</summary>
    /// <param name="id">Which.</param>
    /// <param name="creatorSecret">What creating the meeting gave.</param>
    /// <param name="cancellation">Stops waiting; the meeting may have been ended all the same.</param>
    public async Task CancelMeetingAsync(string id, string creatorSecret, CancellationToken cancellation = default) =>
        await _rest.DoAsync(HttpMethod.Delete, "/api/meetings/" + MeetingLink.CheckId(id), CheckSecret(creatorSecret), cancellation).ConfigureAwait(false);

    /// <summary>All that was kept of a meeting, open or ended.</summary>
    public Task<MeetingRecord> GetRecordAsync(string id, CancellationToken cancellation = default) => GetRecordAsync(id, null, cancellation);

    /// <summary>All that was kept of a meeting, open or ended.</summary>
    /// <param name="id">Which.</param>
    /// <param name="creatorSecret">With it what its hosts did is told as well; a closed meeting's record needs it.</param>
    /// <param name="cancellation">Stops waiting.</param>
    public async Task<MeetingRecord> GetRecordAsync(string id, string? creatorSecret, CancellationToken cancellation = default)
    {
        var path = $"/api/meetings/{MeetingLink.CheckId(id)}/record";
        var secret = creatorSecret is null ? null : CheckSecret(creatorSecret);
        var record = await _rest.AskWithAsync<MeetingRecord>(secret, HttpMethod.Get, path, cancellation).ConfigureAwait(false);
        Whole(record.Actions ?? []);
        Whole(record.Attendance);
        Whole(record.Modes);
        Whole(record.Chat);
        return record;
    }

    /// <summary>Which way the media of an open meeting go: by the server's counts and by what its clients report.</summary>
    /// <param name="id">Which.</param>
    /// <param name="creatorSecret">With it addresses are told as well; null for without.</param>
    /// <param name="cancellation">Stops waiting.</param>
    public async Task<MeetingPath> GetPathAsync(string id, string? creatorSecret = null, CancellationToken cancellation = default)
    {
        var path = $"/api/meetings/{MeetingLink.CheckId(id)}/path";
        var secret = creatorSecret is null ? null : CheckSecret(creatorSecret);
        var found = await _rest.AskWithAsync<MeetingPath>(secret, HttpMethod.Get, path, cancellation).ConfigureAwait(false);
        Whole(found.Participants);
        return found;
    }

    /// <summary>What the server counts of an open meeting's media: losses, repairs, what each path bears and gets.</summary>
    /// <param name="id">Which.</param>
    /// <param name="creatorSecret">Only with it are they told.</param>
    /// <param name="cancellation">Stops waiting.</param>
    public async Task<MeetingStatistics> GetStatisticsAsync(string id, string creatorSecret, CancellationToken cancellation = default)
    {
        var path = $"/api/meetings/{MeetingLink.CheckId(id)}/statistics";
        var found = await _rest.AskWithAsync<MeetingStatistics>(CheckSecret(creatorSecret), HttpMethod.Get, path, cancellation).ConfigureAwait(false);
        Whole(found.Participants);
        return found;
    }

    /// <summary>Meetings of the past and present, newest first.</summary>
    /// <param name="before">Only those begun before this; to page, the start of the last one of the page before.</param>
    /// <param name="limit">1–100 of them; null for the server's own number.</param>
    /// <param name="cancellation">Stops waiting.</param>
    public async Task<IReadOnlyList<MeetingRecordSummary>> ListRecordsAsync(
        DateTimeOffset? before = null, int? limit = null, CancellationToken cancellation = default)
    {
        var query = new List<string>();
        if (before is { } time) query.Add("before=" + Uri.EscapeDataString(time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture)));
        if (limit is { } most) query.Add("limit=" + most.ToString(CultureInfo.InvariantCulture));
        var path = query.Count == 0 ? "/api/records" : "/api/records?" + string.Join('&', query);
        return Whole(await _rest.AskAsync<MeetingRecordSummary[]>(HttpMethod.Get, path, null, cancellation).ConfigureAwait(false));
    }

    /// <summary>The server's STUN and TURN servers, for a self-test without a meeting.</summary>
    internal async Task<IReadOnlyList<Protocol.IceServer>> GetCheckServersAsync(CancellationToken cancellation)
    {
        IReadOnlyList<Protocol.IceServer> servers =
            await _rest.AskAsync<Protocol.IceServer[]>(HttpMethod.Get, "/api/check/servers", null, cancellation).ConfigureAwait(false);
        return IceServerUrls.IsSound(servers) ? servers : throw _problem.NotParley();
    }

    /// <summary>Has the server answer an offer that belongs to no meeting.</summary>
    internal async Task<string> AnswerCheckAsync(CheckOffer offer, CancellationToken cancellation)
    {
        var answer = await _rest.AskAsync<SessionDescriptionMessage>(HttpMethod.Post, "/api/check/offer", offer, cancellation).ConfigureAwait(false);
        return answer.Sdp ?? throw _problem.NotParley();
    }

    /// <summary>Opens the hub's WebSocket and closes it again.</summary>
    /// <exception cref="ParleyException">It cannot be opened.</exception>
    internal async Task CheckHubAsync(CancellationToken cancellation)
    {
        var logs = _options.LoggerFactory ?? NullLoggerFactory.Instance;
        await using var link = new HubLink(Address, _certificates, logs, NobodyListens.Instance);
        using var patience = new CancellationTokenSource(Patience, _options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        try
        {
            await link.OpenAsync(either.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            throw _problem.Explain(e);
        }
    }

    /// <summary>What is believed of certificates, also of others on this server's ports.</summary>
    internal CertificateCheck Certificates => _certificates;

    /// <summary>Joins a meeting. From then on the session comes back by itself when its connection is lost.</summary>
    /// <param name="meetingId">Which.</param>
    /// <param name="options">As whom, and with which media.</param>
    /// <param name="cancellation">Gives up joining.</param>
    public async Task<MeetingSession> JoinAsync(string meetingId, JoinOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var id = MeetingLink.CheckId(meetingId);
        if (options.CreatorSecret is { } secret) CheckSecret(secret);
        options.Check();
        cancellation.ThrowIfCancellationRequested();
        var logs = _options.LoggerFactory ?? NullLoggerFactory.Instance;
        var context = new SessionContext(
            id,
            options,
            Address,
            events => new HubLink(Address, _certificates, logs, events),
            CreateMediaLeg,
            _problem.Explain,
            Random.Shared.NextDouble,
            _options.TimeProvider,
            logs)
        {
            Files = new ChatFiles(_rest),
        };
        if (!options.Media) context = context with { CreateLeg = null };
        else if (CreateMediaLeg is null && HasMedia) context = WithMedia(context);
        try
        {
            return await MeetingSession.JoinAsync(context, cancellation).ConfigureAwait(false);
        }
        catch (ParleyException e) when (e.Error == ParleyError.Unreachable && ConnectionProblem.IsNoWebSocket(e.InnerException))
        {
            // What else it answers to tells more: another kind of server, a redirect, a proxy whose server is away.
            await GetLimitsAsync(cancellation).ConfigureAwait(false);
            throw _problem.NoWebSocket(e);
        }
    }

    /// <summary>Ends requests under way. Sessions go on, and the media thread with them.</summary>
    public void Dispose()
    {
        _http.Dispose();
        if (_host.IsValueCreated) _host.Value.Release();
    }

    /// <summary>The server's leg and a link share their sources and sinks, which are made when the first of them is.</summary>
    private SessionContext WithMedia(SessionContext context)
    {
        var desk = new Lazy<MediaDesk>(() => new MediaDesk(_host.Value, context.Options));
        return context with
        {
            CreateLeg = leg => new ServerLeg(_host.Value, desk.Value, leg),
            CreateLink = link => new PeerLink(_host.Value, desk.Value, link),
            EndMedia = () => desk.IsValueCreated ? desk.Value.DisposeAsync() : ValueTask.CompletedTask,
        };
    }

    private static SocketsHttpHandler CreateHandler(CertificateCheck certificates) => new()
    {
        // A redirect is told, not followed: it would take secrets elsewhere.
        AllowAutoRedirect = false,
        UseCookies = false,
        ConnectTimeout = Patience,
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        SslOptions = { RemoteCertificateValidationCallback = certificates.Validate },
    };

    private static string CheckSecret(string secret)
    {
        ArgumentNullException.ThrowIfNull(secret);
        if (secret.Length is 0 or > LongestSecret || secret.Any(c => !char.IsAscii(c) || char.IsControl(c) || c == ' '))
            throw ServerAddress.Invalid("This is no creator secret: it has letters, digits, hyphens and underscores only.");
        return secret;
    }

    /// <summary>The pages of the web client, which people copy addresses from.</summary>
    private static bool IsPage(string path) =>
        path is "/" || path.StartsWith("/m/", StringComparison.OrdinalIgnoreCase)
        || path.Equals("/history", StringComparison.OrdinalIgnoreCase) || path.StartsWith("/history/", StringComparison.OrdinalIgnoreCase);

    private sealed class NobodyListens : IHubEvents
    {
        public static NobodyListens Instance { get; } = new();

        public void OnEvent(HubEvent told)
        {
        }

        public void OnClosed()
        {
        }
    }

    private IReadOnlyList<T> Whole<T>(IReadOnlyList<T> list) where T : class => list.Contains(null!) ? throw _problem.NotParley() : list;
}
