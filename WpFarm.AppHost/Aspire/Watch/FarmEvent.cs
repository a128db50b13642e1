namespace WpFarm.AppHost.Aspire.Watch;

/// <summary>What people are told of the farm's resources, and what is done about it.</summary>
internal abstract record FarmEvent
{
    private FarmEvent() { }

    /// <summary>For the first time every service is healthy and every job is done.</summary>
    public sealed record Up : FarmEvent;

    /// <summary>The farm is not up in time.</summary>
    public sealed record Late(IReadOnlyList<Unsettled> Resources) : FarmEvent;

    /// <param name="What">What became of it: "ended with exit code 137".</param>
    /// <param name="Waiting">Resources that have not started because they wait for it, directly or not.</param>
    public abstract record OfResource(string Resource, string What, IReadOnlyList<string> Waiting) : FarmEvent;

    /// <summary>It is as somebody wanted it: nothing is done.</summary>
    public sealed record Mentioned(string Resource, string What, IReadOnlyList<string> Waiting) : OfResource(Resource, What, Waiting);

    /// <summary>It is started again after a pause.</summary>
    public sealed record StartsAgain(string Resource, string What, IReadOnlyList<string> Waiting, TimeSpan Pause)
        : OfResource(Resource, What, Waiting);

    /// <summary>The farm cannot go on without it: the program ends.</summary>
    public sealed record Over(string Resource, string What, IReadOnlyList<string> Waiting) : OfResource(Resource, What, Waiting);
}

/// <summary>A resource that is neither healthy nor done.</summary>
/// <param name="WaitsFor">Which of those it waits for. Empty: it is what the others wait for.</param>
internal sealed record Unsettled(string Name, ResourceCondition Condition, IReadOnlyList<string> WaitsFor);
