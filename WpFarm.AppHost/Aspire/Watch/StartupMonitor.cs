namespace WpFarm.AppHost.Aspire.Watch;

/// <summary>
/// Decides what to report and what to do when a resource ends. A service is started again, as Docker does it on Compose. A service that
/// ends <see cref="Attempts"/> times without being healthy in between would do so for ever, and ends the farm; so does a job that fails.
/// Pure: takes observed states and returns events.
/// </summary>
internal sealed class StartupMonitor(IEnumerable<WatchedResource> resources)
{
    public const int Attempts = 3;

    /// <summary>128 plus the number of SIGTERM: the process was stopped before it had installed a handler.</summary>
    private const int Terminated = 143;

    private readonly Dictionary<string, Course> _courses = resources.ToDictionary(r => r.Name, r => new Course(r));
    private bool _wasUp;
    private bool _isOver;

    /// <summary>Pauses before the second attempt and before the third.</summary>
    public static IReadOnlyList<TimeSpan> Pauses { get; } = [TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(10)];

    /// <returns>Null when there is nothing to report.</returns>
    public FarmEvent? See(ResourceState seen)
    {
        if (_isOver || !_courses.TryGetValue(seen.Name, out var course) || course.HasSeen(seen))
            return null;
        course.See(seen);
        if (seen.Condition is ResourceCondition.Ended or ResourceCondition.NotStarted && AfterEnd(course) is { } news)
            return news;
        return !_wasUp && (_wasUp = _courses.Values.All(c => c.IsSettled)) ? new FarmEvent.Up() : null;
    }

    /// <summary>True while a resource has ended and has not been started again.</summary>
    public bool IsDown(string name) => !_isOver && _courses[name].IsDown;

    /// <summary>A restart failed without an event from Aspire.</summary>
    public FarmEvent? StartFailed(string name) => IsDown(name) ? AfterEnd(_courses[name]) : null;

    /// <summary>The startup limit has passed.</summary>
    /// <returns>Null when the farm has been up, or has been ended.</returns>
    public FarmEvent? TimeIsUp()
    {
        if (_wasUp || _isOver)
            return null;
        _isOver = true;
        var open = _courses.Values.Where(course => !course.IsSettled).ToList();
        var names = open.ConvertAll(course => course.Name);
        return new FarmEvent.Late(
            open.ConvertAll(course => new Unsettled(course.Name, course.Condition, [.. course.WaitsFor.Intersect(names)]))
        );
    }

    private FarmEvent? AfterEnd(Course course)
    {
        var (name, what, waiting) = (course.Name, course.What, WaitingFor(course.Name));
        if (course.WasTold)
            return waiting.Count > 0 ? new FarmEvent.Mentioned(name, what, waiting) : null;
        if (course.IsSettled)
            return null;
        if (course.Role is ResourceRole.Job && course.WasSettled)
            return new FarmEvent.Mentioned(name, what, waiting);
        if (course.Role is not ResourceRole.Job && ++course.Failures < Attempts)
            return new FarmEvent.StartsAgain(name, what, waiting, Pauses[course.Failures - 1]);
        _isOver = true;
        return new FarmEvent.Over(name, what, waiting);
    }

    private List<string> WaitingFor(string name)
    {
        var found = new List<string>();
        var next = new Queue<string>([name]);
        while (next.TryDequeue(out var awaited))
            foreach (var course in _courses.Values.Where(course => course.WaitsFor.Contains(awaited) && !found.Contains(course.Name)))
            {
                found.Add(course.Name);
                next.Enqueue(course.Name);
            }

        return found;
    }

    private sealed class Course(WatchedResource resource)
    {
        private ResourceState _last = new(resource.Name, ResourceCondition.Unknown);
        private DateTime? _endedAt;

        public string Name => resource.Name;

        public ResourceRole Role => resource.Role;

        public ResourceCondition Condition => _last.Condition;

        /// <summary>How often the resource has ended since it was last healthy.</summary>
        public int Failures { get; set; }

        /// <summary>True when a person told the resource to stop.</summary>
        public bool WasTold { get; private set; }

        public bool WasSettled { get; private set; }

        public bool IsDown => Condition is ResourceCondition.Ended or ResourceCondition.NotStarted;

        /// <summary>True when the resource is in its intended state: a service healthy, a job done.</summary>
        public bool IsSettled =>
            (resource.Role, Condition) switch
            {
                // An unknown exit code counts as success: Aspire lets the waiting resources start without one, too.
                (ResourceRole.Job, ResourceCondition.Ended) => _last.ExitCode is null or 0,
                (ResourceRole.FollowsLoad, ResourceCondition.Ended) => _last.ExitCode is 0 or Terminated,
                (ResourceRole.Job, _) => false,
                _ => Condition is ResourceCondition.Healthy,
            };

        /// <summary>The resources that it waits for. Empty once it has started.</summary>
        public IReadOnlyList<string> WaitsFor =>
            Condition is ResourceCondition.Unknown or ResourceCondition.Waiting ? resource.WaitsFor : [];

        public string What =>
            WasTold ? "was stopped"
            : Condition is ResourceCondition.NotStarted ? "could not be started"
            : _last.ExitCode is { } code ? $"ended with exit code {code}"
            : "ended";

        /// <summary>True for a repeated event: Aspire reports an end several times, also while it removes the resource's remains.</summary>
        public bool HasSeen(ResourceState seen) =>
            seen.Condition switch
            {
                ResourceCondition.Ended => (IsDown && !TellsHow(seen)) || (!IsDown && seen.EndedAt is not null && seen.EndedAt == _endedAt),
                ResourceCondition.NotStarted => IsDown,
                _ => false,
            };

        public void See(ResourceState seen)
        {
            WasSettled |= IsSettled && !TellsHow(seen);
            WasTold = seen.Condition is ResourceCondition.Stopping || (WasTold && seen.Condition is ResourceCondition.Ended);
            _last = seen;
            _endedAt = seen.EndedAt ?? _endedAt;
            if (seen.Condition is ResourceCondition.Healthy)
                Failures = 0;
        }

        /// <summary>True when the event adds the exit code of a job; Aspire may learn it after the job's end.</summary>
        private bool TellsHow(ResourceState seen) => Role is ResourceRole.Job && _last.ExitCode is null && seen.ExitCode is not null;
    }
}
