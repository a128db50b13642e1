using FsCheck.Xunit;
using WpFarm.Backups.Catalogue;
using WpFarm.Backups.Gtid;
using WpFarm.Backups.Recovery;
using static WpFarm.Tests.Backups.TestBackups;

namespace WpFarm.Tests.Backups.Recovery;

/// <summary>
/// Plans recoveries from generated archives with failovers, several servers and lost logs, and compares them with the true content of each
/// log.
/// </summary>
[Properties(MaxTest = 1000)]
public sealed class RecoveryHistoryTests
{
    private const int Transactions = 200;

    private static readonly DateTimeOffset s_start = At("00:00:00");

    [Generated]
    public void The_latest_goes_exactly_as_far_as_the_transactions_are_there_without_a_hole(int seed)
    {
        var archive = new Archive(seed);
        var decision = RecoveryDecision.For(archive.Manifests, new RecoveryTarget.Latest(), [Key]);

        var reachable = archive.Chains.Max(archive.ReachableFrom);
        Assert.Equal(Position(reachable), decision.Plan!.Position);
        Assert.Equal(archive.Stored.Max() > reachable, decision.Plan.Gap is not null);
        Archive.Check(decision.Plan);
    }

    /// <summary>An archive in which two logs continue the chain: the next one, and another that overlaps both.</summary>
    [Fact]
    public void A_moment_between_logs_that_overlap_is_reached() => A_moment_is_reached_when_and_only_when_everything_before_it_is_there(98);

    [Generated]
    public void A_moment_is_reached_when_and_only_when_everything_before_it_is_there(int seed)
    {
        var archive = new Archive(seed);
        var moment = TimeOf(new Random(seed).Next(1, Transactions + 1)).AddSeconds(5);
        var decision = RecoveryDecision.For(archive.Manifests, new RecoveryTarget.Moment(moment), [Key]);

        var last = Enumerable.Range(1, Transactions).Last(transaction => TimeOf(transaction) <= moment);
        // Only the next transaction proves that there was none in between.
        var possible = archive.Chains.Where(chain => chain.Completed <= moment).Any(chain => archive.ReachableFrom(chain) >= last + 1);
        Assert.Equal(possible, decision.Plan is not null);
        if (decision.Plan is not { } plan)
            return;
        Assert.True(plan.Position.Covers(Position(last)));
        Archive.Check(plan);
    }

    [Generated]
    public void A_transaction_is_reached_when_and_only_when_it_is_there(int seed)
    {
        var archive = new Archive(seed);
        var wanted = new Random(seed).Next(1, Transactions + 1);
        var decision = RecoveryDecision.For(archive.Manifests, new RecoveryTarget.Transaction(Position(wanted)), [Key]);

        var possible = archive
            .Chains.Where(chain => Position(wanted).Covers(chain.GtidEnd!))
            .Any(chain => archive.ReachableFrom(chain) >= wanted);
        Assert.Equal(possible, decision.Plan is not null);
        if (decision.Plan is { } plan)
            Archive.Check(plan);
    }

    private static DateTimeOffset TimeOf(int transaction) => s_start.AddSeconds(10 * transaction);

    /// <summary>The second primary writes from transaction 100 on.</summary>
    private static GtidPosition Position(int transaction) =>
        GtidPosition.Parse(
            transaction == 0 ? ""
            : transaction < 100 ? $"1-1-{transaction}"
            : $"1-1-99,2-2-{transaction - 99}"
        );

    private sealed class Archive
    {
        private readonly Dictionary<string, (int From, int To)> _logs = [];

        public Archive(int seed)
        {
            var random = new Random(seed);
            foreach (var server in Enumerable.Range(1, random.Next(1, 4)))
                for (var from = random.Next(10); from < Transactions; )
                {
                    var to = Math.Min(Transactions, from + random.Next(1, 40));
                    // Occasionally a log is lost, or its server was down.
                    if (random.Next(5) > 0)
                    {
                        var log = Log(
                            $"mariadb-{server}",
                            TimeOf(from + 1),
                            TimeOf(to),
                            Position(from).ToString(),
                            Position(to).ToString()
                        );
                        Manifests.Add(log);
                        _logs.Add(log.Id, (from, to));
                    }

                    from = to;
                }

            for (var count = random.Next(1, 4); count > 0; count--)
            {
                var at = random.Next(Transactions);
                Chains.Add(Full(TimeOf(at), Position(at).ToString()) with { Completed = TimeOf(at).AddSeconds(1) });
            }

            Manifests.AddRange(Chains);
        }

        public List<BackupManifest> Manifests { get; } = [];

        public List<BackupManifest> Chains { get; } = [];

        public IEnumerable<int> Stored => _logs.Values.Select(log => log.To).Concat(Chains.Select(NumberOf));

        public int ReachableFrom(BackupManifest chain)
        {
            var reached = NumberOf(chain);
            while (
                _logs.Values.Where(log => log.From <= reached && log.To > reached).Select(log => log.To).DefaultIfEmpty().Max()
                    is > 0
                        and var next
            )
                reached = next;
            return reached;
        }

        /// <summary>A plan applies no log that does not continue the chain, and none that adds nothing.</summary>
        public static void Check(RecoveryPlan plan)
        {
            var position = plan.Chain.Position;
            foreach (var step in plan.Logs)
            {
                Assert.Equal(position, step.From);
                Assert.True(position.Covers(step.Log.GtidStart!));
                Assert.False(position.Covers(step.Log.GtidEnd!));
                position = step.To;
            }

            Assert.Equal(position, plan.Position);
        }

        private static int NumberOf(BackupManifest chain) => (int)(chain.GtidEnd!.NumberIn(1) + chain.GtidEnd.NumberIn(2));
    }
}
