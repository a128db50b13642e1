namespace WpFarm.Scaling;

/// <summary>All signals together: how many containers they ask for, how many of these are allowed, and how that is said.</summary>
internal sealed class CombinedDemand
{
    private readonly TierObservation _seen;
    private readonly TierPolicy _policy;
    private readonly IReadOnlyList<BottleneckResult> _verdicts;
    private readonly string? _schedule;
    private readonly string _blind;
    private readonly int _asked;

    public CombinedDemand(
        TierPolicy policy,
        TierObservation seen,
        IReadOnlyList<SignalReading> readings,
        IReadOnlyList<BottleneckResult> verdicts,
        DateTimeOffset now
    )
    {
        (_policy, _seen, _verdicts) = (policy, seen, verdicts);
        (Limits, _schedule) = policy.LimitsAt(now);
        _blind = string.Join(", ", readings.Where(reading => reading.Value is null).Select(reading => reading.Trouble));
        _asked = verdicts.Select(verdict => verdict.Need.Replicas).DefaultIfEmpty(0).Max();
        // What starts has not taken its part of the load yet, so how few would do is not known.
        if (IsBlind || seen.Ready < seen.Replicas)
            _asked = Math.Max(_asked, seen.Replicas);
        var most = IsBlind ? Math.Max(Limits.Max, seen.Replicas) : Limits.Max;
        Allowed = Math.Max(Math.Min(_asked, most), Limits.Min);
        if (Allowed > seen.Replicas && seen.Capacity is { } capacity)
            Allowed = Math.Min(Allowed, Math.Max(capacity, seen.Replicas));
    }

    public ReplicaLimits Limits { get; }

    /// <summary>What is needed, within the limits, and not more than the nodes hold.</summary>
    public int Allowed { get; }

    /// <summary>A signal is missing or stale.</summary>
    public bool IsBlind => _blind.Length > 0;

    public ScalingAlert Alert =>
        _verdicts.Any(verdict => verdict.IsUseless) ? ScalingAlert.BottleneckElsewhere
        : _seen.Capacity is { } capacity && Math.Min(Math.Max(_asked, Limits.Min), Limits.Max) > Math.Max(capacity, _seen.Replicas)
            ? ScalingAlert.NodesFull
        : _asked > Limits.Max && _verdicts.Any(verdict => verdict.Need.Lasts && verdict.Need.Replicas > Limits.Max) ? ScalingAlert.AtMaximum
        : IsBlind ? ScalingAlert.Blind
        : ScalingAlert.None;

    /// <param name="kept">The most that was needed within the time that containers stay.</param>
    public string Explain(int replicas, int kept)
    {
        var change = replicas == _seen.Replicas ? $"stays at {replicas}" : $"{_seen.Replicas} → {replicas}";
        var notes = _verdicts.Where(verdict => verdict.Note.Length > 0).Select(verdict => verdict.Note).ToList();
        if (IsBlind)
            notes.Add($"{_blind}: not fewer until it is back");
        return $"{change}: {string.Join("; ", notes.Prepend(Why(replicas, kept)).Where(part => part.Length > 0))}";
    }

    private string Why(int replicas, int kept)
    {
        var loudest = _verdicts
            .Where(verdict => verdict.Need.Lasts && verdict.Need.Replicas > _seen.Replicas)
            .MaxBy(verdict => verdict.Need.Replicas)
            ?.Need;
        if (replicas > _seen.Replicas)
            return loudest is null || loudest.Replicas < Limits.Min && replicas <= Limits.Min
                ? $"at least {Limits.Min}{Scheduled}"
                : $"{loudest.Why()}{Cut(loudest, replicas)}";
        if (replicas < _seen.Replicas)
            return _seen.Replicas > Limits.Max && kept >= Limits.Max
                ? $"at most {Limits.Max}{Scheduled}"
                : $"{SignalText.Containers(kept)} would have done for {SignalText.Time(_policy.DownAfter)}";
        if (loudest is not null)
            return $"{loudest.Why()}{Cut(loudest, replicas)}";
        if (
            _verdicts
                .Where(verdict => verdict.Need.AboveSince is not null && !verdict.Need.Lasts)
                .Select(verdict => verdict.Need)
                .FirstOrDefault() is
            { } young
        )
            return $"{SignalText.Name(young.Signal)} {SignalText.Value(young.Signal, young.Value)} is above {SignalText.Value(young.Signal, young.Rule.Above)}, not yet for {SignalText.Time(young.Rule.For)}";
        if (_seen.Ready < _seen.Replicas)
            return $"{SignalText.Containers(_seen.Replicas - _seen.Ready)} not ready yet";
        if (replicas < Limits.Min)
            return $"at least {Limits.Min}{Scheduled}, but the nodes hold {_seen.Capacity}";
        if (IsBlind || _verdicts.Any(verdict => verdict.Note.Length > 0))
            return "";
        if (_verdicts.FirstOrDefault(verdict => verdict.Need.Lasts) is { } last)
            return last.Need.Why();
        return Allowed < replicas
            ? $"{SignalText.Containers(Allowed)} would do, but {kept} were needed within {SignalText.Time(_policy.DownAfter)}"
            : "enough, and not too many";
    }

    /// <summary>Why there are not as many as the signal asks for.</summary>
    private string Cut(SignalRecommendation need, int replicas) =>
        need.Replicas <= replicas ? ""
        : _seen.Capacity is { } capacity && replicas >= capacity ? $"; asks for {need.Replicas}, the nodes hold {capacity}"
        : replicas >= Limits.Max ? $"; asks for {need.Replicas}, the maximum is {Limits.Max}{Scheduled}"
        : $"; asks for {need.Replicas}, no more at once";

    private string Scheduled => _schedule is null ? "" : $" ({_schedule})";
}
