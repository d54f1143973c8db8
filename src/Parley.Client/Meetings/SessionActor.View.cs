using Parley.Protocol;

namespace Parley.Client.Meetings;

/// <summary>Whom one sees: asked for when it changes, one request on its way at a time, and again after a rejoin.</summary>
internal sealed partial class SessionActor
{
    private static readonly TimeSpan ViewRetryAfter = TimeSpan.FromSeconds(1);

    private IReadOnlyList<ViewRequest> _requests = [];
    private IReadOnlyList<string> _mids = [];

    /// <summary>What the server said last of each slot that is less than full.</summary>
    private readonly Dictionary<string, SlotQuality> _qualities = new(StringComparer.Ordinal);

    /// <summary>The assignment of requests to slots of this moment; what is asked for next.</summary>
    private IReadOnlyList<SlotView> _view = [];

    /// <summary>What the server was asked for last; null when it is not known to know it.</summary>
    private IReadOnlyList<SlotView>? _asked;

    /// <summary>Rises with each reason not to believe a reply that is on its way.</summary>
    private int _viewEpoch;

    private bool _isAsking;
    private List<TaskCompletionSource> _viewWaiters = [];
    private ITimer? _viewTimer;

    public Task ShowAsync(IReadOnlyList<ViewRequest> requests, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(requests);
        cancellation.ThrowIfCancellationRequested();
        foreach (var request in requests)
        {
            if (request?.ParticipantId is null || !Enum.IsDefined(request.Source)) throw ServerAddress.Invalid("A view names participants and what to see of them.");
            if (request.Width is < 0 or > LargestSide || request.Height is < 0 or > LargestSide)
                throw ServerAddress.Invalid($"The size of a view is 0 to {LargestSide} pixels.");
        }

        var copy = requests.ToArray();
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var isPosted = _mailbox.Post(() =>
        {
            if (_over)
            {
                done.TrySetException(WhyOver());
                return;
            }

            _requests = copy;
            TellLinkView();
            _viewWaiters.Add(done);
            PushView();
        });
        return isPosted ? done.Task.WaitAsync(cancellation) : Task.FromException(WhyOver());
    }

    private bool IsInView(string participantId) => _requests.Any(request => request.ParticipantId == participantId);

    /// <summary>A leg was answered: its slots are there, and empty.</summary>
    private void BeginView(IReadOnlyList<string> mids)
    {
        ForgetView();
        _mids = [.. mids];
        _asked = [];
        PushView();
    }

    /// <summary>The slots are gone.</summary>
    private void ForgetView()
    {
        PauseView();
        (_mids, _view) = ([], []);
        _qualities.Clear();
        TellLimited();
        ReleaseWaiters();
    }

    /// <summary>The connection is gone; the slots may live on.</summary>
    private void PauseView()
    {
        _viewEpoch++;
        _isAsking = false;
        _asked = null;
        _viewTimer?.Dispose();
    }

    /// <summary>After a rejoin the server tells again what its slots show, once it is asked.</summary>
    private void RepeatView()
    {
        PauseView();
        PushView();
    }

    private void EndView()
    {
        foreach (var waiter in _viewWaiters) waiter.TrySetException(WhyOver());
        _viewWaiters.Clear();
    }

    private void PushView()
    {
        if (_over) return;
        if (!_isAnswered)
        {
            // It is asked for as soon as there are slots; nobody need wait for that.
            ReleaseWaiters();
            return;
        }

        if (_isAsking || Now.State != SessionState.Joined) return;
        _view = NextView();
        TellLimited();
        if (_asked is not null && _view.SequenceEqual(_asked))
        {
            ReleaseWaiters();
            return;
        }

        var view = _view;
        TellLeg(leg => leg.OnViewRequested(view));
        if (!_isAnswered) return;
        _isAsking = true;
        _ = AskViewAsync(_link!, _viewEpoch, view);
    }

    private async Task AskViewAsync(IHubLink link, int epoch, IReadOnlyList<SlotView> view)
    {
        try
        {
            using var patience = new CancellationTokenSource(AnswerPatience, _context.Time);
            var reply = await link.CallAsync<bool>("setView", [view], patience.Token).ConfigureAwait(false);
            _mailbox.Post(() => OnViewReply(epoch, view, reply.Error));
        }
        catch (Exception)
        {
            _mailbox.Post(() => OnClosed(link));
        }
    }

    private void OnViewReply(int epoch, IReadOnlyList<SlotView> view, ProtocolError? error)
    {
        if (_over || epoch != _viewEpoch) return;
        _isAsking = false;
        if (error is null)
        {
            _isKept = false;
            _asked = view;
            PushView();
            return;
        }

        var refusal = Refusals.Of(error);
        switch (refusal.Code)
        {
            case ErrorCodes.ViewInvalid when _isKept:
                // The server came back without our leg: it restarted.
                RetryLeg("The server has lost this media connection; a new one is made.", TimeSpan.Zero);
                break;
            case ErrorCodes.RateLimited or ErrorCodes.MediaUnavailable or ErrorCodes.ServerUnavailable:
                var wait = refusal.Code == ErrorCodes.RateLimited ? RetrySchedule.Told(refusal.Message) : ViewRetryAfter;
                _viewTimer?.Dispose();
                _viewTimer = After(wait, PushView);
                break;
            default:
                // The same view would be refused again: the next change is a new chance, and may wait already.
                _asked = view;
                if (!NextView().SequenceEqual(view))
                {
                    PushView();
                    break;
                }

                foreach (var waiter in _viewWaiters) waiter.TrySetException(refusal);
                _viewWaiters.Clear();
                break;
        }
    }

    private void OnSlotQuality(SlotQuality quality)
    {
        if (quality.Level == SlotLevel.Full) _qualities.Remove(quality.Mid);
        else if (_mids.Contains(quality.Mid)) _qualities[quality.Mid] = quality;
        TellLimited();
    }

    /// <summary>By whom a slot is asked to show: one that is paused from the beginning never comes so far as to show them.</summary>
    private void TellLimited() => _model.SetLimited(
    [
        .. from slot in _view
           join quality in _qualities.Values on slot.Mid equals quality.Mid
           select new PictureQuality(slot.ParticipantId!, slot.Source, quality.Level, quality.Reason),
    ]);

    private IReadOnlyList<SlotView> NextView() =>
        SlotAssignment.Assign(_mids, _requests.Where(request => _model.IsPresent(request.ParticipantId)), _view);

    private void ReleaseWaiters()
    {
        foreach (var waiter in _viewWaiters) waiter.TrySetResult();
        _viewWaiters = [];
    }
}
