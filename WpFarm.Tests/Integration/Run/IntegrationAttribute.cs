using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using Xunit.v3;

namespace WpFarm.Tests.Integration.Run;

/// <summary>
/// Marks a test that needs a real engine and takes minutes. Logs when each test begins and how long it took. A test that hangs ends the run
/// with its name in the log; otherwise nobody would learn which test hung.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class IntegrationAttribute(Stage stage) : BeforeAfterTestAttribute, ITraitAttribute
{
    /// <summary>
    /// Minutes after which no further test begins, for a run that is ended from outside after a fixed time. Not set: no limit.
    /// </summary>
    private const string BudgetVariable = "WPFARM_TEST_MINUTES";

    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(30);

    private static readonly TimeSpan? s_budget = double.TryParse(
        Environment.GetEnvironmentVariable(BudgetVariable),
        CultureInfo.InvariantCulture,
        out var minutes
    )
        ? TimeSpan.FromMinutes(minutes)
        : null;

    /// <summary>The running test. Tests with this attribute run one at a time.</summary>
    private static (Timer Watchdog, long Since)? s_running;

    public Stage Stage { get; } = stage;

    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() => [new("Kind", "Integration")];

    public override void Before(MethodInfo methodUnderTest, IXunitTest test)
    {
        Assert.SkipWhen(
            s_budget is { } budget && TimeProvider.System.GetLocalNow() - Process.GetCurrentProcess().StartTime > budget,
            $"not run: the tests before it took {s_budget?.TotalMinutes:0} min ({BudgetVariable})"
        );
        Say($"begins {test.TestDisplayName}");
        s_running = (new Timer(_ => GiveUp(test), null, s_limit, Timeout.InfiniteTimeSpan), Stopwatch.GetTimestamp());
    }

    public override void After(MethodInfo methodUnderTest, IXunitTest test)
    {
        if (s_running is not var (watchdog, since))
            return;
        watchdog.Dispose();
        s_running = null;
        ClassTimes.Ended(test.TestCase.TestClass.Class.Name);
        var how = TestContext.Current.TestState?.Result == TestResult.Failed ? "FAILED" : "ended";
        Say($"{how} after {Stopwatch.GetElapsedTime(since).TotalSeconds:0.0} s");
    }

    private static void GiveUp(IXunitTest test)
    {
        Say($"HANGS for {s_limit.TotalMinutes:0} min, the run ends here: {test.TestDisplayName}");
        Environment.Exit(1);
    }

    private static void Say(string what) => Console.Error.WriteLine($"{TimeProvider.System.GetLocalNow():HH:mm:ss} {what}");
}
