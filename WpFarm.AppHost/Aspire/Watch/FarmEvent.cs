namespace WpFarm.AppHost.Aspire.Watch;

/// <summary>A change of the farm's resources that <see cref="FarmWatch"/> reports and, where needed, acts on.</summary>
internal abstract record FarmEvent
{
    private FarmEvent() { }

    /// <summary>Every service is healthy and every job is done, for the first time.</summary>
    public sealed record Up : FarmEvent;

    /// <summary>The startup limit has passed and the farm is not up.</summary>
    public sealed record Late(IReadOnlyList<Unsettled> Resources) : FarmEvent;

    /// <summary>A resource ended.</summary>
    /// <param name="What">The outcome, for example "ended with exit code 137".</param>
    /// <param name="Waiting">Resources that have not started because they wait for this one, directly or not.</param>
    public abstract record OfResource(string Resource, string What, IReadOnlyList<string> Waiting) : FarmEvent;

    /// <summary>A person stopped the resource. It is reported; nothing is done.</summary>
    public sealed record Mentioned(string Resource, string What, IReadOnlyList<string> Waiting) : OfResource(Resource, What, Waiting);

    /// <summary>The resource is started again after a pause.</summary>
    public sealed record StartsAgain(string Resource, string What, IReadOnlyList<string> Waiting, TimeSpan Pause)
        : OfResource(Resource, What, Waiting);

    /// <summary>The farm cannot run without the resource: the program ends.</summary>
    public sealed record Over(string Resource, string What, IReadOnlyList<string> Waiting) : OfResource(Resource, What, Waiting);
}

/// <summary>A resource that is neither healthy nor done.</summary>
/// <param name="WaitsFor">The unsettled resources that it waits for. Empty for a cause: the others wait for it.</param>
internal sealed record Unsettled(string Name, ResourceCondition Condition, IReadOnlyList<string> WaitsFor);
