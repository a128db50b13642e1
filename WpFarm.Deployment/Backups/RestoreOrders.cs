using WpFarm.Backups.Recovery;
using WpFarm.Deployment.Instance;

namespace WpFarm.Deployment.Backups;

public static class RestoreOrders
{
    extension(RestoreOrder)
    {
        /// <summary>
        /// The same for a recovery, in which only the backups of the plan are known: neither later ones, nor that nothing was written for a
        /// while.
        /// </summary>
        public static RestoreOrder Of(RecoveryPlan plan)
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
    }

    /// <param name="farm">The name of the farm that it is about.</param>
    /// <param name="latest">It was said that it is to go as far as it goes.</param>
    /// <param name="giveUp">What is ordered is to give one up that was broken off.</param>
    /// <returns>Empty: it makes sense.</returns>
    public static IEnumerable<string> Problems(this RestoreOrder order, string farm, bool latest, bool giveUp)
    {
        if (new[] { order.To is not null, order.Gtid is not null, order.From is not null, latest, giveUp }.Count(said => said) != 1)
            yield return "restore: say one of --to MOMENT, --gtid GTID, --latest, --from ID, or --give-up.";
        if (giveUp && order.Site is not null)
            yield return "restore: --give-up is of the whole farm; a site is as it was until its restoration is done. Leave --site out.";
        if (order.Uploads && order.Site is not null)
            yield return "restore: --uploads is of the whole farm; a site's uploads are put back with it anyway. Leave it out.";
        if (order.Site is not null || order.Into is null)
            yield break;
        if (!FarmInstance.IsName(order.Into))
            yield return $"restore: --into {FarmInstance.NameProblem(order.Into)}";
        else if (order.Into == farm)
            yield return $"restore: --into {order.Into}: is the farm itself. Without --into it is put back in place.";
        if (order.From is not null)
            yield return "restore: --from with --into is of one site. Say --to MOMENT, --gtid GTID or --latest, or which site with --site.";
        if (giveUp)
            yield return "restore: with --into there is nothing to give up: the farm goes on all the time. "
                + $"To remove the copy: ./farm down --volumes --name {order.Into}";
        if (order.Uploads)
            yield return "restore: a farm beside this one has the uploads anyway. Leave --uploads out.";
        if (TargetProblem(order) is { } why)
            yield return $"restore: {why}";
    }

    /// <exception cref="FormatException">The order names no moment, transaction or backup.</exception>
    public static RecoveryTarget Target(this RestoreOrder order) => RecoveryTarget.Parse(order.To, order.Gtid, order.From);

    private static string? TargetProblem(RestoreOrder order)
    {
        try
        {
            _ = order.Target();
            return null;
        }
        catch (FormatException e)
        {
            return e.Message;
        }
    }
}
