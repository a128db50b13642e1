using WpFarm.Contracts.Agents;
using WpFarm.Contracts.Agents.Database;
using WpFarm.Contracts.Agents.Uploads;

namespace WpFarm.Tests.Contracts.Agents;

/// <summary>One order of each kind with all of its arguments, and what is sent for it.</summary>
internal static class SampleOrders
{
    public const string Id = "8d409e48799929bfc3befeb3ea14a9885fdf2d44fa21ea4cd059ecc91deef3f5";

    public static readonly IReadOnlyList<(AgentOrder Order, string Line)> Database =
    [
        (new CrashOrder(), "POST /crash"),
        (new FreeOrder(), "GET /free"),
        (new RoomOrder(), "GET /room"),
        (new OriginOrder(), "GET /origin"),
        (new CopyOrder(5, Contents: true), "GET /copy?since=5&contents=1"),
        (new ContentsOrder("6b071a23004312"), "GET /contents?copy=6b071a23004312"),
        (new CheckTablesOrder(), "GET /check"),
        (new SeedBaseOrder(), "PUT /seed/base"),
        (new SeedIncrementOrder(), "PUT /seed/increment"),
        (new UseSeedOrder("1-1-4,2-2-7", Aside: true), "POST /seed/use?gtid=1-1-4,2-2-7&aside=1"),
        (new EmptyOrder(), "POST /seed/empty"),
        (new RemoveSeedOrder(), "DELETE /seed"),
        (new AsideOrder(), "GET /aside"),
        (new RemoveAsideOrder(), "DELETE /aside"),
        (new LogsOrder(), "GET /logs"),
        (new LogOrder("binlog.000042"), "GET /log?file=binlog.000042"),
        (new SaveOrder("1-1-4"), "POST /save?beyond=1-1-4"),
        (new ReplayOrder("1-1-4", 1_000_000_000, "1-1-9"), "PUT /replay?from=1-1-4&until=1000000000&through=1-1-9"),
        (new AdvanceOrder("1-1-9"), "POST /advance?gtid=1-1-9"),
        (new ExportOrder("wp_blog"), "GET /export?database=wp_blog"),
        (new ImportOrder("wp_blog", "wp_blog__aside_20260102030405"), "PUT /import?database=wp_blog&aside=wp_blog__aside_20260102030405"),
        (new RemoveDatabaseOrder("wp_blog__aside_20260102030405"), "DELETE /database?name=wp_blog__aside_20260102030405"),
    ];

    public static readonly IReadOnlyList<(AgentOrder Order, string Line)> Uploads =
    [
        (new MakeSnapshotOrder(), "POST /snapshots"),
        (new ListSnapshotsOrder(), "GET /snapshots"),
        (new ForgetSnapshotsOrder([Id, Id]), $"POST /forget?ids={Id},{Id}"),
        (new CheckSnapshotsOrder(2.5), "POST /check?percent=2.5"),
        (
            new UploadsRestoreOrder(Id, "blog", "2026/we[ird] & ü?#.jpg", InPlace: true),
            $"POST /restore?snapshot={Id}&target=in-place&site=blog&path=2026%2Fwe%5Bird%5D%20%26%20%C3%BC%3F%23.jpg"
        ),
        (new ListRestoresOrder(), "GET /restores"),
        (new RemoveRestoreOrder("20260102T030405Z-8d409e48"), "DELETE /restore?id=20260102T030405Z-8d409e48"),
        (new SampleOrder(Id, 20), $"GET /sample?snapshot={Id}&count=20"),
        (new ProgressOrder(), "GET /progress"),
    ];

    /// <summary>Names in the query, of all orders.</summary>
    public static IEnumerable<string> Arguments(IEnumerable<(AgentOrder Order, string Line)> orders) =>
        orders
            .SelectMany(sample => sample.Line.Split('?').Skip(1))
            .SelectMany(query => query.Split('&'))
            .Select(argument => argument.Split('=')[0])
            .Distinct();
}
