using WpFarm.Backups.Recovery;
using WpFarm.Deployment.Instance;

namespace WpFarm.Deployment.Backups;

/// <summary>
/// What is to be put back, and to when. Of <see cref="To"/>, <see cref="Gtid"/> and <see cref="From"/> one, or none: as far as it goes. To and Gtid
/// together: that transaction, which is known to be what there is at that moment.
/// </summary>
public sealed record RestoreOrder
{
    /// <summary>Everything up to this moment, in ISO 8601.</summary>
    public string? To { get; init; }

    /// <summary>Everything up to this transaction, and it too.</summary>
    public string? Gtid { get; init; }

    /// <summary>What this backup holds: its id.</summary>
    public string? From { get; init; }

    /// <summary>Null: the whole farm.</summary>
    public string? Site { get; init; }

    /// <summary>Of a site: a database beside its own. Of the whole farm: another farm beside it. Null: what there is, is put back.</summary>
    public string? Into { get; init; }

    /// <summary>Of a whole farm: the uploads too.</summary>
    public bool Uploads { get; init; }

    /// <summary>The same where nothing is known but the backups of the plan: neither those that come after, nor that there was nothing more for a while.</summary>
    internal static RestoreOrder Of(RecoveryPlan plan)
    {
        var isWithinLastLog =
            plan is { Target: RecoveryTarget.Moment, Logs: [.., { Log.BinaryLog.LastEvent: var last }] } && last > plan.Moment;
        var gtid = plan.Target is RecoveryTarget.Transaction wanted ? wanted.Gtid : plan.Position;
        return new()
        {
            To = plan.Moment.ToString("O"),
            Gtid = isWithinLastLog ? null : gtid.ToString(),
            Uploads = true,
        };
    }

    /// <param name="farm">The name of the farm that it is about.</param>
    /// <param name="latest">It was said that it is to go as far as it goes.</param>
    /// <param name="giveUp">What is ordered is to give one up that was broken off.</param>
    /// <returns>Empty: it makes sense.</returns>
    public IEnumerable<string> Problems(string farm, bool latest, bool giveUp)
    {
        if (new[] { To is not null, Gtid is not null, From is not null, latest, giveUp }.Count(said => said) != 1)
            yield return "restore: say one of --to MOMENT, --gtid GTID, --latest, --from ID, or --give-up.";
        if (giveUp && Site is not null)
            yield return "restore: --give-up is of the whole farm; a site is as it was until its restoration is done. Leave --site out.";
        if (Uploads && Site is not null)
            yield return "restore: --uploads is of the whole farm; a site's uploads are put back with it anyway. Leave it out.";
        if (Site is not null || Into is null)
            yield break;
        if (!FarmInstance.IsName(Into))
            yield return $"restore: --into {FarmInstance.NotAName(Into)}";
        else if (Into == farm)
            yield return $"restore: --into {Into}: is the farm itself. Without --into it is put back in place.";
        if (From is not null)
            yield return "restore: --from with --into is of one site. Say --to MOMENT, --gtid GTID or --latest, or which site with --site.";
        if (giveUp)
            yield return $"restore: with --into there is nothing to give up: the farm goes on all the time. To remove the copy: ./farm down --volumes --name {Into}";
        if (Uploads)
            yield return "restore: a farm beside this one has the uploads anyway. Leave --uploads out.";
        if (NotATarget() is { } why)
            yield return $"restore: {why}";
    }

    /// <exception cref="FormatException">What was said is none.</exception>
    public RecoveryTarget Target() => RecoveryTarget.Parse(To, Gtid, From);

    private string? NotATarget()
    {
        try
        {
            _ = Target();
            return null;
        }
        catch (FormatException e)
        {
            return e.Message;
        }
    }

    internal string Query
    {
        get
        {
            var said = new (string Key, string? Value)[]
            {
                ("to", To),
                ("gtid", Gtid),
                ("from", From),
                ("site", Site),
                ("into", Into),
                ("uploads", Uploads ? "true" : null),
            };
            return string.Concat(
                said.Where(part => part.Value is not null)
                    .Select((part, index) => $"{(index == 0 ? '?' : '&')}{part.Key}={Uri.EscapeDataString(part.Value!)}")
            );
        }
    }
}
