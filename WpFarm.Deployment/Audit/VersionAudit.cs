using WpFarm.Topology;

namespace WpFarm.Deployment.Audit;

/// <summary>Judges the pinned versions of the upstream images that a farm uses: whether their upstream still mends them. Pure.</summary>
internal static class VersionAudit
{
    private const string TakeNewer = "take a newer WpFarm, or move the pin in WpFarm.Topology/UpstreamImages.cs";

    /// <summary>How long before the end of the support the finding begins.</summary>
    private const int DaysBefore = 60;

    /// <summary>A look at the upstream's announcements that is older proves nothing any more.</summary>
    private const int DaysOfALook = 180;

    /// <param name="farm">The farm, with the upstream images that its engine lacks.</param>
    public static IEnumerable<AuditFinding> Judge(Farm farm, DateOnly today) =>
        farm
            .Services.Select(service => service.Image)
            .OfType<Image.Upstream>()
            .Distinct()
            .Select(image => Judge(UpstreamImages.Pins.Single(pin => pin.Image == image), today));

    internal static AuditFinding Judge(Pin pin, DateOnly today)
    {
        var toDo = pin.Instead ?? TakeNewer;
        return pin switch
        {
            { SupportEnds: { } end } when end <= today => Finding(
                AuditVerdict.Mend,
                $"its upstream has not mended it since {end:yyyy-MM-dd}",
                toDo
            ),
            { SupportEnds: { } end } when end <= today.AddDays(DaysBefore) => Finding(
                AuditVerdict.Advice,
                $"its upstream mends it until {end:yyyy-MM-dd}",
                toDo
            ),
            { SupportEnds: { } end } => Finding(AuditVerdict.Good, $"its upstream mends it until {end:yyyy-MM-dd}", null),
            { Looked: var looked } when looked.AddDays(DaysOfALook) <= today => Finding(
                AuditVerdict.Advice,
                $"no end of its support was announced, and nobody has looked since {looked:yyyy-MM-dd}",
                TakeNewer
            ),
            _ => Finding(AuditVerdict.Good, $"on {pin.Looked:yyyy-MM-dd} no end of its support was announced", null),
        };

        AuditFinding Finding(AuditVerdict verdict, string detail, string? then) =>
            new(AuditArea.Versions, verdict, pin.Image.Reference, detail, then);
    }
}
