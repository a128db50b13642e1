namespace WpFarm.Scaling;

/// <summary>Combines the recommendations of all signals, applies the limits, and explains the result.</summary>
internal sealed class CombinedDemand
{
    private readonly TierObservation _seen;
    private readonly TierPolicy _policy;
    private readonly IReadOnlyList<BottleneckResult> _results;
    private readonly string? _schedule;
    private readonly string _blind;
    private readonly int _asked;

    public CombinedDemand(
        TierPolicy policy,
        TierObservation seen,
        IReadOnlyList<SignalReading> readings,
        IReadOnlyList<BottleneckResult> results,
        DateTimeOffset now
    )
    {
        (_policy, _seen, _results) = (policy, seen, results);
        (Limits, _schedule) = policy.LimitsAt(now);
        _blind = string.Join(", ", readings.Where(reading => reading.Value is null).Select(reading => reading.Trouble));
        _asked = results.Select(result => result.Recommendation.Replicas).DefaultIfEmpty(0).Max();
        // A starting container takes no load yet, so the minimum that suffices is not known.
        if (IsBlind || seen.Ready < seen.Replicas)
            _asked = Math.Max(_asked, seen.Replicas);
        var most = IsBlind ? Math.Max(Limits.Max, seen.Replicas) : Limits.Max;
        Allowed = Math.Max(Math.Min(_asked, most), Limits.Min);
        if (Allowed > seen.Replicas && seen.Capacity is { } capacity)
            Allowed = Math.Min(Allowed, Math.Max(capacity, seen.Replicas));
    }

    public ReplicaLimits Limits { get; }

    /// <summary>The recommendation within the limits and the capacity of the nodes.</summary>
    public int Allowed { get; }

    /// <summary>True when a signal is missing or stale.</summary>
    public bool IsBlind => _blind.Length > 0;

    public ScalingAlert Alert =>
        _results.Any(result => result.IsUseless) ? ScalingAlert.BottleneckElsewhere
        : _seen.Capacity is { } capacity && Math.Min(Math.Max(_asked, Limits.Min), Limits.Max) > Math.Max(capacity, _seen.Replicas)
            ? ScalingAlert.NodesFull
        : _asked > Limits.Max && _results.Any(result => result.Recommendation.Lasts && result.Recommendation.Replicas > Limits.Max)
            ? ScalingAlert.AtMaximum
        : IsBlind ? ScalingAlert.Blind
        : ScalingAlert.None;

    /// <param name="kept">The highest recommendation within the stabilization window.</param>
    public string Explain(int replicas, int kept)
    {
        var change = replicas == _seen.Replicas ? $"stays at {replicas}" : $"{_seen.Replicas} → {replicas}";
        var notes = _results.Where(result => result.Note.Length > 0).Select(result => result.Note).ToList();
        if (IsBlind)
            notes.Add($"{_blind}: no scale-down until it is back");
        return $"{change}: {string.Join("; ", notes.Prepend(Why(replicas, kept)).Where(part => part.Length > 0))}";
    }

    private string Why(int replicas, int kept)
    {
        var highest = _results
            .Where(result => result.Recommendation.Lasts && result.Recommendation.Replicas > _seen.Replicas)
            .MaxBy(result => result.Recommendation.Replicas)
            ?.Recommendation;
        if (replicas > _seen.Replicas)
            return highest is null || highest.Replicas < Limits.Min && replicas <= Limits.Min
                ? $"at least {Limits.Min}{Scheduled}"
                : $"{highest.Why()}{Cut(highest, replicas)}";
        if (replicas < _seen.Replicas)
            return _seen.Replicas > Limits.Max && kept >= Limits.Max
                ? $"at most {Limits.Max}{Scheduled}"
                : $"no more than {SignalText.Containers(kept)} needed for {SignalText.Time(_policy.DownAfter)}";
        if (highest is not null)
            return $"{highest.Why()}{Cut(highest, replicas)}";
        if (
            _results
                .Where(result => result.Recommendation.AboveSince is not null && !result.Recommendation.Lasts)
                .Select(result => result.Recommendation)
                .FirstOrDefault() is
            { } rising
        )
            return $"{SignalText.Name(rising.Signal)} {SignalText.Value(rising.Signal, rising.Value)} is above "
                + $"{SignalText.Value(rising.Signal, rising.Rule.Above)}, not yet for {SignalText.Time(rising.Rule.For)}";
        if (_seen.Ready < _seen.Replicas)
            return $"{SignalText.Containers(_seen.Replicas - _seen.Ready)} not ready yet";
        if (replicas < Limits.Min)
            return $"at least {Limits.Min}{Scheduled}, but the nodes hold {_seen.Capacity}";
        if (IsBlind || _results.Any(result => result.Note.Length > 0))
            return "";
        if (_results.FirstOrDefault(result => result.Recommendation.Lasts) is { } last)
            return last.Recommendation.Why();
        return Allowed < replicas
            ? $"{SignalText.Containers(Allowed)} recommended now, {kept} within the last {SignalText.Time(_policy.DownAfter)}"
            : "no change is recommended";
    }

    /// <summary>Why the decision is below the recommendation of the signal.</summary>
    private string Cut(SignalRecommendation recommendation, int replicas) =>
        recommendation.Replicas <= replicas ? ""
        : _seen.Capacity is { } capacity && replicas >= capacity ? $"; recommends {recommendation.Replicas}, the nodes hold {capacity}"
        : replicas >= Limits.Max ? $"; recommends {recommendation.Replicas}, the maximum is {Limits.Max}{Scheduled}"
        : $"; recommends {recommendation.Replicas}, limited by the scaling rate";

    private string Scheduled => _schedule is null ? "" : $" ({_schedule})";
}
