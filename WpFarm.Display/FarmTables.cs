using Spectre.Console;
using WpFarm.Deployment.Compose.Changing;
using WpFarm.Deployment.Instance;
using WpFarm.Deployment.Reporting;
using WpFarm.Topology;

namespace WpFarm.Display;

/// <summary>The tables of services and changes: of <c>status</c>, and at the end of <c>up</c>.</summary>
public static class FarmTables
{
    /// <param name="onSwarm">True: omits ports on the loopback address, which are not published on a swarm.</param>
    public static void Services(Farm farm, IReadOnlyList<ServiceReport> services, bool onSwarm = false)
    {
        var table = Table("Layer", "Service", "State", "Containers", "Address");
        foreach (var service in services.OrderBy(s => s.Layer))
            table.AddRow(
                Markup.Escape(service.Layer.ToString()),
                Markup.Escape(service.Name),
                $"[{Terminal.Colour(service.State)}]{Terminal.Word(service.State)}[/]",
                service.Wanted == 0 ? "" : $"{service.Running}/{service.Wanted}",
                Markup.Escape(Addresses(farm, service, onSwarm))
            );
        Terminal.Out.Write(table);
    }

    public static void Sites(Farm farm, FarmInstance instance)
    {
        var table = Table("Site", "Tier", "URL", "Administrator", "Password");
        foreach (var site in farm.Sites)
            table.AddRow(
                Markup.Escape(site.Id),
                Markup.Escape(site.Tier),
                Markup.Escape(site.Url.Replace(site.Host, HostName.Readable(site.Host), StringComparison.Ordinal)),
                "admin at /wp-admin/",
                Markup.Escape(PasswordCommand(site, instance))
            );
        Terminal.Out.Write(table);
    }

    /// <summary>What <c>up</c> would do, in the order in which it would do it.</summary>
    public static void Changes(IReadOnlyList<PlannedChange> changes)
    {
        var table = Table("Service", "What happens…", "Because of…");
        foreach (var change in changes)
            table.AddRow(
                Markup.Escape(change.Service),
                Markup.Escape(Words(change.Action)),
                Markup.Escape(string.Join(", ", change.Because))
            );
        Terminal.Out.Write(table);
    }

    private static string Words(ServiceAction action) =>
        action switch
        {
            ServiceAction.Start => "is started",
            ServiceAction.Reload => "reads its files again, and goes on",
            ServiceAction.Replace => "is replaced; no visitor needs it",
            ServiceAction.StartFirst => "is replaced, the new container first",
            ServiceAction.InTurn => "is replaced, while the others of its kind do its work",
            ServiceAction.ReplaceEdge => "is replaced: connections are refused for two to four seconds",
            ServiceAction.RunAgain => "runs again",
            ServiceAction.Remove => "is removed",
            _ => throw new ArgumentOutOfRangeException(nameof(action)),
        };

    public static void LeftOut(Farm farm)
    {
        foreach (var group in farm.Omitted.GroupBy(o => o.Reason))
            Terminal.Out.MarkupLineInterpolated($"[grey]left out: {string.Join(", ", group.Select(o => o.Service.Name))}: {group.Key}[/]");
    }

    private static string PasswordCommand(Site site, FarmInstance instance) =>
        $"./farm sites password {site.Id}{(instance.Name == FarmInstance.DefaultName ? "" : $" --name {instance.Name}")}";

    private static string Addresses(Farm farm, ServiceReport status, bool onSwarm) =>
        status.State is ServiceCondition.LeftOut
            ? ""
            : string.Join(
                ", ",
                farm.Services.Single(s => s.Name == status.Name)
                    .Ports.Where(p => !onSwarm || !p.LoopbackOnly)
                    .Select(p => $"{(p.Scheme is null ? "" : p.Scheme + "://")}{(onSwarm ? "NODE" : "localhost")}:{p.Host}")
            );

    /// <summary>A moment, in UTC and to the second: <c>2026-01-31 12:00:00Z</c>.</summary>
    public static string Time(DateTimeOffset time) => $"{time.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z";

    /// <summary>A table. A column whose name ends in <c>…</c> may be folded.</summary>
    public static Table Table(params string[] columns)
    {
        var table = new Table { Border = Terminal.Out.Profile.Out.IsTerminal ? TableBorder.Rounded : TableBorder.None };
        foreach (var column in columns)
            table.AddColumn(new TableColumn(column.TrimEnd('…')) { NoWrap = !column.EndsWith('…') });
        return table;
    }
}
